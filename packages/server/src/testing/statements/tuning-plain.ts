/** Plainly put, one thing at a time. */
import { labelled } from './labelled.ts'

export const plainTuning = labelled(`
fact* user: My name is Anna.
fact* user: I'm Daniel and I live in Hamburg.
fact* user: I am 34 years old.
fact* user: I'm a nurse at the children's hospital.
fact* user: I work as a data engineer for a logistics company.
fact* user: I've lived in Graz since I was little.
fact* user: I live with my parents and my two brothers.
fact* user: I don't live in Berlin any more, I live in Leipzig now.
fact* user: I'm married and have two kids.
fact* user: My wife's name is Clara.
fact* user: My husband is called Tom.
fact* user: I have a son and a daughter.
fact* user: I'm a trans woman and my pronouns are she/her.
fact* user: I come from a small town in Portugal.
fact* user: I am self-employed.
fact* user: I'm retired.
fact* user: I study physics at the University of Vienna.
fact* The user lives in Toronto.
fact* The user's name is Priya.
fact* assistant: You live in Madrid and work as a teacher.
fact* Maria: I'm a single mom of three.
fact* John: I'm an electrician by trade.
fact* user: I'm not married.
preference* user: Please always answer in German.
preference* user: Never use emojis in your replies.
preference* user: From now on, keep your answers short.
preference* user: Call me Sam.
preference* user: Don't call me Robert.
preference* user: I want you to explain things step by step.
fact user: My sister lives in Rome.
fact user: My dog is called Rex.
fact user: Mara works as a lawyer.
fact user: Our office has twelve rooms.
fact user: I'm allergic to peanuts.
fact user: My car is a blue Volvo.
fact user: I have two cats.
fact user: I speak French and a little Italian.
fact user: I own a small boat.
fact assistant: The capital of Australia is Canberra.
fact assistant: I'm an assistant and I work with text.
fact user: The server runs on port 8080.
fact user: Our app is written in Rust.
fact Melanie: Painting is a way for me to relax.
fact Jon: The studio has a great dance floor.
fact Gina: My store sells clothes that nobody else has.
fact user: My laptop has 16 GB of memory.
fact user: My brother is a pilot.
fact John: I have never been to Asia.
fact user: The recipe needs three eggs and a cup of flour.
fact user: My boss is called Mr. Keller.
fact user: We have a garden with apple trees.
fact Nate: He's adopted and full of energy.
preference user: I love sushi.
preference user: I don't like crowded places.
preference user: I prefer tea to coffee.
preference user: My favourite colour is green.
preference user: I can't stand loud music.
preference user: I'm a big fan of science fiction.
preference user: My sister hates flying.
preference user: Tom prefers window seats.
preference user: I always order the vegetarian option.
preference user: I'd rather take the train than fly.
preference user: I would like to learn the cello.
preference user: I want to visit Japan.
preference user: I wish I had more time for reading.
preference user: I'm really into jazz these days.
preference user: I'm not into horror movies.
preference Caroline: I'd love to make something like this next!
preference Maria: I really enjoy hiking with my friends.
preference John: My dream is to open a restaurant.
preference user: He likes his coffee black.
preference user: I enjoy cooking for friends.
preference user: We both adore Italian food.
preference user: I'm not a fan of cilantro.
preference Jon: Dancing is my passion.
preference user: I usually drink oat milk.
preference user: My go-to breakfast is porridge.
preference user: The user dislikes small talk.
preference user: I don't eat meat.
preference Joanna: I'm passionate about writing.
preference user: Aisle seats suit me better than window seats.
episode user: I went to Paris last summer.
episode user: Yesterday I met an old school friend at the station.
episode user: We bought a house in 2019.
episode user: I lost my keys on the way home.
episode user: Last week our heating broke down.
episode user: My brother crashed his car two months ago.
episode user: I ran my first marathon in Hamburg.
episode user: We adopted a kitten from the shelter.
episode Caroline: I went to a support group yesterday and it was so powerful.
episode Melanie: We even went on another camping trip in the forest.
episode Jon: I met some investors and got some good advice.
episode Maria: One of the residents, Laura, wrote us a letter.
episode John: I chatted with my family about it last night.
episode Joanna: I first watched it around three years ago.
episode user: I didn't get the job at the bank.
episode user: When I was ten I broke my arm.
episode user: She told me about her trip to Peru.
episode user: I finished reading Dune yesterday.
episode user: I just got back from Spain.
episode user: Ben and I climbed Mont Blanc.
episode user: They won the local football cup.
episode user: I graduated from college in 2012.
episode user: I tried pottery for the first time.
episode Gina: I launched an ad campaign for my store.
episode user: We were robbed on the train to Naples.
episode user: He didn't come to the party last Friday.
episode user: I took the kids to the museum this morning.
emotion user: I feel lonely since the move.
emotion user: I'm so happy about the new flat!
emotion user: I'm worried about my exam.
emotion user: I was scared when the dog barked at me.
emotion user: She is furious with her landlord.
emotion user: I'm not angry any more.
emotion user: I miss my grandmother a lot.
emotion user: That film made me cry.
emotion user: My son is afraid of the dark.
emotion Caroline: I'm so proud of how far we have come.
emotion Maria: It brings me so much joy to help others.
emotion Jon: I'm stoked about the opening!
emotion user: I felt embarrassed after the talk.
emotion user: I've been really stressed lately.
emotion user: Tom was devastated by the news.
emotion user: I'm grateful for your patience.
emotion user: I'm nervous about flying.
emotion user: I can't stop worrying about my dad.
emotion Melanie: Seeing my kids happy makes me feel alive.
emotion user: I don't feel good about the decision.
emotion user: He seems depressed.
emotion Gina: Super excited for the show!
emotion user: I feel overwhelmed by all the work.
emotion user: It breaks my heart to see him like this.
emotion user: I felt so relieved when the results came back.
temporal user: I have a dentist appointment on Tuesday at 3 pm.
temporal user: The deadline for the report is May 5.
temporal user: We're going to Italy next month.
temporal user: My flight leaves tomorrow at 7:40.
temporal* user: My birthday is on 12 March.
temporal user: The meeting was moved to Friday.
temporal user: I start my new job on 1 September.
temporal user: Our wedding is on June 14, 2027.
temporal user: The contract expires at the end of the year.
temporal user: I have yoga every Thursday evening.
temporal user: The exam takes place in two weeks.
temporal Melanie: We're thinking about going camping next month.
temporal Nate: I'm taking some time off this weekend.
temporal user: Mom is visiting us over Christmas.
temporal user: The rent is due on the first of every month.
temporal user: I have to hand in the thesis by 2026-09-30.
temporal user: We will move to Oslo in August.
temporal user: Anna arrives on Sunday at noon.
temporal user: The shop opens at 9 am.
temporal user: I won't be in the office next week.
temporal user: The course begins in October.
temporal Jon: The competition is next Saturday.
temporal user: Remind me that the parcel comes on Wednesday.
`)
