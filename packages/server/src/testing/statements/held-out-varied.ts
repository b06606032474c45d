/** To measure by: of all sorts. */
import { labelled } from './labelled.ts'

export const variedHeldOut = labelled(`
fact* User: It's Jonas, I'm a roofer and I'm 45.
fact* User: I am Korean and live in Vancouver with my fiancé.
fact* User: I've been working at the same hospital for ten years.
fact* User: My pronouns are he/him.
fact* User: I'm a mother of four and a part-time bookkeeper.
fact* User: We live on the fourth floor of an old building in Porto.
fact* User: I quit my job at the bank and now I'm a yoga teacher.
fact* User: I'm not from here, I come from Ghana.
fact* User: My full name is Maria del Carmen Ruiz.
fact* User: I'm a widower and live with my daughter.
fact* User: I run a small bakery with my husband.
fact* User: I'm unemployed at the moment.
fact* User: My twin sons are called Leo and Max.
fact* User: I am a PhD student in chemistry at Leiden.
fact* User: I'm 63 and recently retired.
fact* The user is vegetarian, lives in Leeds and works as a graphic designer.
fact* Nina: I'm an engineer at a wind energy firm.
preference* User: From now on call me Dr. Weiss.
preference* User: Never answer with more than three sentences.
preference* User: Please write all your replies in British English.
preference* User: You must never use slang with me.
fact User: The wifi password is on the fridge.
fact User: My sister-in-law is a judge.
fact User: I have a fear of heights in the family.
fact User: My tent has room for four people.
fact User: Our dishwasher leaks.
fact User: Peter works at Siemens and has three kids.
fact User: My grandmother is 92 years old.
fact User: The API key belongs to the staging account.
fact User: I use a standing desk at work.
fact User: My hair is red.
fact User: I know the owner of the café on the corner.
fact User: I have a black belt in judo.
fact User: My neighbours keep chickens.
fact User: The nearest hospital is 40 kilometres away.
fact Assistant: I'm here to help you with your questions.
fact Assistant: Rust has no garbage collector.
fact Gina: My shop carries handmade jewellery.
fact James: My dogs are named Max and Daisy.
preference User: I love the mountains in winter.
preference User: I'm a night owl, I like working late.
preference User: Pizza is my favourite food.
preference User: I can't stand people who are late.
preference User: My brother likes heavy metal.
preference User: I'd rather read a book than watch a film.
preference User: I wish I could play the violin.
preference User: I really dislike small talk.
preference User: I want to see the pyramids before I die.
preference User: My cat only eats dry food.
preference User: Give me dark roast every time.
preference User: I always sit in the back row at the cinema.
preference User: She doesn't like surprises.
preference User: I'm into climbing and bouldering.
preference User: I enjoy long walks after dinner.
preference User: We hope to buy a house in the country.
preference User: He prefers trains to planes.
preference Deborah: I love the calm of the early morning.
preference Joanna: My favorite genre is drama.
preference Nate: I'm a big fan of strategy games.
episode User: I met my wife at a concert in Lyon.
episode User: My car broke down on the highway yesterday.
episode User: Two weeks ago we adopted a puppy.
episode User: I dropped my phone in the lake.
episode User: Tom moved to Australia last year.
episode User: I won a photo contest once.
episode User: The doctor told me to rest.
episode User: I baked a cake for my mother's birthday.
episode User: Our team lost the final.
episode User: I hiked the whole Camino when I was twenty.
episode User: Somebody scratched my car in the garage.
episode User: My daughter learned to swim this summer.
episode User: I saw a shooting star last night.
episode User: We painted the kitchen over the weekend.
episode User: He apologised to me after the game.
episode User: I didn't sleep at all last night.
episode User: They cancelled my flight to Rome.
episode Tim: I visited the castle where they filmed it.
episode John: I signed a contract with a new sponsor last week.
emotion User: I'm happy for my sister.
emotion User: I was really angry at the referee.
emotion User: I feel stressed about the deadline.
emotion User: Losing the cat broke my heart.
emotion User: I'm excited to start painting again.
emotion User: My brother feels left out in the new team.
emotion User: I'm scared of dogs.
emotion User: She was so proud of her medal.
emotion User: I am deeply disappointed by the decision.
emotion User: That song always makes me cry.
emotion User: I worry about the future of my kids.
emotion User: I'm embarrassed about my accent.
emotion User: I feel at home here.
emotion User: We were terrified during the storm.
emotion Calvin: I'm so grateful for my fans.
temporal User: My exam is on Thursday at nine.
temporal User: We're getting married on 20 June.
temporal User: The bus leaves in ten minutes.
temporal User: I have a meeting with Sarah tomorrow morning.
temporal User: The deadline was extended to November 3.
temporal User: My mother is coming to visit next weekend.
temporal User: I have piano lessons every Friday afternoon.
temporal User: The festival takes place from 2 to 5 August.
temporal User: I have to pay the invoice by the end of the month.
temporal User: Her birthday is on 30 January.
temporal User: The library closes at 8 pm.
temporal User: My contract ends in March 2027.
temporal User: I'm on vacation from Monday on.
temporal User: We will fly to Tokyo in April.
temporal Evan: I have a doctor's appointment next Tuesday.
temporal Dave: The car show is this Sunday.
`)
