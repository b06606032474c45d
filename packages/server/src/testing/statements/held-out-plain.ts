/** To measure by: plainly put, one thing at a time. */
import { labelled } from './labelled.ts'

export const plainHeldOut = labelled(`
fact* user: Hi, I'm Sophie.
fact* user: My full name is Karim Haddad.
fact* user: I just turned 41.
fact* user: I'm 27 and I work in a bakery.
fact* user: I'm a carpenter.
fact* user: I work for the city council as an accountant.
fact* user: We live in a village near Lyon.
fact* user: I moved to Stockholm a few years back and still live there.
fact* user: My address is 14 Mill Lane, York.
fact* user: I'm divorced and have no children.
fact* user: My daughter's name is Ines.
fact* user: I'm engaged to Paul.
fact* user: I'm non-binary.
fact* user: I'm originally from Chile.
fact* user: I'm currently unemployed.
fact* user: I'm a second-year medical student.
fact* user: I'm not a doctor, I'm a nurse.
fact* The user is 52 years old.
fact* The user works as a pharmacist.
fact* assistant: Your name is Oskar and you are 30 years old.
fact* Gina: I used to work at a bank, but now I run my own store.
fact* Elena: I'm a widow with one grown-up son.
fact* user: I have three daughters.
fact* user: I am based in Nairobi.
preference* user: Always reply in French, please.
preference* user: Don't use bullet points when you answer me.
preference* user: You should always address me formally.
preference* user: In the future, cite a source in every answer.
preference* user: I'd like you to keep your responses under 100 words.
fact user: My neighbour is a doctor.
fact user: My uncle lives in Canada.
fact user: Peter is 40 years old.
fact user: Our cat has only three legs.
fact user: I have diabetes.
fact user: The project uses PostgreSQL and Redis.
fact user: My phone number ends in 42.
fact user: My bike has 21 gears.
fact user: I can play the drums.
fact user: I don't have a driving licence.
fact assistant: A kilometre has a thousand metres.
fact assistant: I'm a language model and I live in a data centre.
fact user: The API returns JSON.
fact user: My team has eight people.
fact Tim: The library in my town has a huge fantasy section.
fact Deborah: Our yoga group is open to everybody.
fact Andrew: City living makes it hard to keep a dog.
fact user: My cousin studies law in Oxford.
fact user: There are four of us in the band.
fact user: My glasses have a prescription of minus two.
fact user: I've got a piano at home.
fact user: The password manager is shared by the whole team.
fact Evan: My old Prius has a hundred thousand miles on it.
fact user: I know how to code in Python.
preference user: I hate getting up early.
preference user: I really like dark chocolate.
preference user: My favorite author is Ursula Le Guin.
preference user: I don't enjoy long meetings.
preference user: My husband loves gardening.
preference user: Lena can't stand garlic.
preference user: I'd prefer a room on a high floor.
preference user: She would rather stay at home.
preference user: I usually go for the cheapest option.
preference user: I'm crazy about old motorbikes.
preference user: I'm keen on learning Spanish.
preference user: Horror movies are not my thing.
preference user: I want to become fluent in Korean.
preference user: I dream of living by the sea.
preference user: My kids don't like broccoli.
preference Calvin: I'd love to collaborate with you some day.
preference Dave: Restoring old cars is my passion.
preference Tim: I love reading about different cultures.
preference James: I'm a huge fan of strategy games.
preference user: We always take the train when we travel.
preference user: The user prefers short emails.
preference user: I like my steak rare.
preference user: I've always wanted to see the northern lights.
preference user: Spicy food is what I enjoy most.
preference user: I never drink alcohol.
preference Sam: Hiking beats any gym for me.
episode user: I visited my grandparents in Krakow last month.
episode user: Two years ago I had surgery on my knee.
episode user: Our basement was flooded in the storm.
episode user: I quit smoking in January.
episode user: My daughter took her first steps yesterday.
episode user: Last night someone stole my bike.
episode user: We celebrated our anniversary in Venice.
episode user: I missed the bus this morning.
episode user: I gave a talk at the conference in Lisbon.
episode user: The cat knocked over the vase.
episode user: I failed the driving test twice.
episode user: Paul and Mia got engaged in Rome.
episode Evan: I took a road trip to the Rockies with my family.
episode Deborah: I met my new neighbour at the garden centre yesterday.
episode Calvin: I performed in Tokyo last month.
episode James: We spent the whole weekend at the lake.
episode Dave: I opened my own car shop last week.
episode user: He proposed to her on the bridge.
episode user: I've just finished my first novel.
episode user: We didn't win the tournament.
episode user: As a child I spent every summer at my aunt's farm.
episode user: My team released the new version on Monday.
episode user: I saw a fox in the garden.
episode user: She moved out of the flat in 2020.
episode user: I cooked paella for twelve people.
emotion user: I'm really sad that she left.
emotion user: I feel great today.
emotion user: I'm terrified of spiders.
emotion user: I was so nervous before the interview.
emotion user: My mother is worried about my brother.
emotion user: I'm frustrated with this project.
emotion user: I miss home.
emotion user: It made me so angry.
emotion user: I'm no longer sad about it.
emotion user: We were thrilled to hear the news.
emotion user: I felt guilty for days.
emotion user: Ben feels left out at school.
emotion user: I'm dreading the conversation with my boss.
emotion Andrew: So glad I have friends like you.
emotion Calvin: I'm pumped about the tour!
emotion Deborah: Losing my mother filled me with grief.
emotion Tim: I'm disappointed in how it turned out.
emotion user: I get anxious in crowds.
emotion user: I cried at the airport.
emotion user: That really hurt my feelings.
emotion user: I've been feeling down lately.
emotion user: He was ashamed of his mistake.
emotion user: I'm thankful for my family.
temporal user: I have a job interview on Monday morning.
temporal user: My parents' anniversary is on 3 October.
temporal user: The tax return is due by July 31.
temporal user: We fly to Lisbon on Saturday.
temporal user: The concert starts at 8 pm.
temporal user: I'm having surgery next Wednesday.
temporal user: The lease ends in December.
temporal user: I'm meeting Julia for lunch tomorrow.
temporal user: The conference takes place from 4 to 6 June.
temporal user: My visa expires in three weeks.
temporal user: The release is planned for 15 November.
temporal user: The team meets every Monday at ten.
temporal user: I need to call the bank before Friday.
temporal user: My sister is getting married in September.
temporal user: School starts again on August 24.
temporal user: The appointment was postponed to next Tuesday.
temporal Evan: I'm off to Canada next month.
temporal Calvin: The tour kicks off in two weeks.
temporal James: We're having a game night this Saturday.
temporal user: The baby is due in April.
temporal user: I'll be on holiday until the 20th.
temporal user: The train departs at 6:15.
temporal user: Grandma's birthday party is this weekend.
`)
