/** More of all sorts. */
import { labelled } from './labelled.ts'

export const furtherTuning = labelled(`
fact* User: Hey, my name is Lukas and I'm 31.
fact* User: I'm a librarian in a small town near Porto.
episode* User: We moved in together last year, my boyfriend and I live in Malmö.
fact* User: I do accounting for a shipping company.
fact* User: I've been a widower since 2020.
fact* User: My daughter Emma is eight.
fact* User: I'm originally Brazilian but I live in Zurich.
fact* User: I'm between jobs right now.
fact* User: I drive a taxi for a living.
fact* User: I'm the youngest of five siblings.
temporal* User: I'm turning forty this year.
fact* User: I share a flat in Prague with two roommates.
fact* User: My job is repairing elevators.
fact* The user is married with two sons.
fact* Assistant: You mentioned that you are a chef and live in Lima.
preference* User: When I ask for code, always give me TypeScript.
preference* User: Please answer as briefly as possible from now on.
preference* User: Stop using emojis when you write to me.
preference* User: I want you to always double-check the numbers you give me.
fact User: My aunt works for the UN.
fact User: My garden gets sun all day.
fact User: The museum is closed because of renovation work.
fact User: I have high blood pressure.
fact User: My brother and his wife live in Perth.
fact User: Sofia is fluent in Mandarin.
fact User: There are eleven chairs in the meeting room.
fact User: My computer runs Linux.
fact User: The team consists of four developers and a designer.
fact User: I have a membership at the climbing gym.
fact User: My shoe size is 43.
fact User: The dog is afraid of nothing and weighs thirty kilos.
fact User: The recipe is from my grandmother.
fact User: I can't eat gluten.
fact User: My motorbike has a broken mirror.
fact Assistant: Mount Everest is 8,849 metres high.
fact Jolene: My lab has a brand new microscope.
fact Andrew: There are a lot of hiking trails around here.
preference User: I adore old black-and-white movies.
preference User: My dad can't stand modern art.
preference User: Mountains over beaches, always.
preference User: I'd love a balcony in my next flat.
preference User: I don't care much for sports.
preference User: Sweet popcorn is so much better than salty.
preference User: I prefer to be contacted by email.
preference User: I'm hoping to learn how to sail.
preference User: Nina likes her eggs hard-boiled.
preference User: I've always been fascinated by volcanoes.
preference User: We would like to adopt a child.
preference User: I choose organic food whenever I can.
preference User: My ideal holiday is a cabin in the woods.
preference User: I dislike loud restaurants.
preference User: Her favourite band is Radiohead.
preference User: I'm not interested in cars at all.
preference Audrey: Playing with my dogs is my favorite thing.
preference John: I want to play in Seattle someday.
episode User: I burned my hand on the stove last night.
episode User: We celebrated my parents' golden wedding in Vienna.
episode User: My suitcase got lost on the flight to Athens.
episode User: I gave up coffee three weeks ago.
episode User: I once met the king of Sweden in a bakery.
episode User: The storm blew down the old oak in our yard.
episode User: I finally finished the puzzle with two thousand pieces.
episode User: My son scored his first goal on Sunday.
episode User: I interviewed for a position at the museum last week.
episode User: We got lost in the forest and had to call for help.
episode User: She didn't show up to her own birthday party.
episode User: I inherited a piano from my aunt.
episode User: Last winter we went skiing in Norway.
episode User: My wife and I took a dance class together.
episode User: I have just sold my old van.
episode User: The bakery on our street burned down in 2021.
episode User: Our daughter was born during a thunderstorm.
episode User: I cooked dinner for the whole team yesterday.
episode Evan: I painted a sunset with my kids last weekend.
emotion User: I'm so frustrated, nothing works.
emotion User: I felt really proud when she graduated.
emotion User: Heights scare me to death.
emotion User: I'm sad that summer is over.
emotion User: My grandmother is lonely since grandpa died.
emotion User: I hate myself for what I said.
emotion User: I was so relieved to hear your voice.
emotion User: I get really nervous before presentations.
emotion User: The news shocked me.
emotion User: I'm worried that I'll lose my job.
emotion User: We're overjoyed about the twins.
emotion User: I'm jealous of my sister's success.
emotion User: I feel guilty about eating meat.
emotion User: My boss was angry with me.
emotion User: I can't sleep because I'm so anxious.
emotion Jolene: I'm glad that it worked out.
temporal User: The parcel arrives on Thursday.
temporal User: We have tickets for the opera on 9 December.
temporal User: My vacation starts next Monday.
temporal User: I need to renew my passport before July.
temporal User: The job interview is at 10:30 on Wednesday.
temporal User: The election takes place in three weeks.
temporal User: I've booked a table for eight o'clock tonight.
temporal User: Grandpa turns ninety on 2 February.
temporal User: I go to physiotherapy every second Tuesday.
temporal User: The lease runs until the end of September.
temporal User: We're leaving for the airport at five in the morning.
temporal User: The exhibition opens on the 1st of June.
temporal User: My next appointment with the dentist is in two weeks.
temporal User: The project must be finished by 15 April.
temporal User: School is out on June 26.
temporal User: I have a call with the investors this afternoon.
temporal Jon: The dance show is next Friday evening.
`)
