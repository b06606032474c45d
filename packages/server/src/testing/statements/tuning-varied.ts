/** Of all sorts: asides, figures of speech, things at the border of a kind. */
import { labelled } from './labelled.ts'

export const variedTuning = labelled(`
fact* User: my name's Bob btw
fact* User: I am a 29-year-old software developer from Poland.
fact* User: We're a family of five living in Utrecht.
episode* User: I just moved to Lisbon.
fact* User: I'm working as a freelance translator at the moment.
fact* User: My partner and I have been married for ten years.
episode* User: I got a new job as a product manager at Spotify.
fact* User: I grew up in a tiny village in the Alps.
fact* User: I'm a dad of twins.
fact* User: I identify as non-binary and use they/them.
fact* User: I live alone with my cat.
fact* User: I'm studying architecture in Delft.
fact* User: People call me Liz.
fact* User: Our two kids are called Mia and Noah.
episode* User: I'm no longer with my wife, we got divorced in spring.
fact* Sara: I'm the head of marketing at a small agency.
preference* User: Answer in short sentences from now on.
preference* User: Please don't use jargon when you explain things to me.
preference* User: Your answers should be in Spanish.
preference* User: Always give me metric units.
preference* User: Never mention my ex again.
fact User: My son goes to school in Oxford.
fact User: My best friend is a firefighter.
fact User: The flat has two bathrooms.
fact User: The app crashes on Android 12.
fact User: My blood type is A positive.
fact User: I weigh 70 kilos and I am 180 cm tall.
fact User: We use Slack at work.
fact User: Berlin is the capital of Germany.
fact User: I know three people who work at Google.
fact User: My car needs new tyres.
fact Assistant: You can reset your password in the settings.
fact Assistant: I live in the cloud, so I have no address.
fact John: The gym near my house has a pool.
fact Maria: The shelter needs more volunteers.
fact Nate: Turtles can live for a hundred years.
preference User: I'm more of a tea person.
preference User: Give me a window seat over an aisle seat any day.
preference User: I've been loving this new band lately.
preference User: Olives are disgusting, I can't eat them.
preference User: I only buy organic vegetables.
preference User: I'd like to own a sailing boat one day.
preference User: My kids are obsessed with dinosaurs.
preference User: I find golf boring.
preference User: I don't want any more meetings on Fridays.
preference User: I'm vegan.
preference User: I tend to avoid spicy food.
preference User: I hope to retire early.
preference User: My mother hates it when people are late.
preference Tim: Fantasy books are my favorite way to relax.
episode User: My grandfather passed away in March.
episode User: I had an accident on the motorway yesterday.
episode User: I had lunch with Marco last Tuesday.
episode User: We were stuck in an elevator for two hours.
episode User: On Saturday my team beat the champions.
episode User: I've been to Peru twice.
episode User: There was a fire in our building last night.
episode User: I cut my finger while cooking.
episode User: A thief took my wallet on the metro.
episode User: I spilled coffee on my laptop this morning.
episode User: Our flight got cancelled and we slept at the airport.
episode User: In 2015 I lived in Japan for six months.
episode User: I was promoted last month.
episode Jon: Took a short trip last week to Rome to clear my mind a little.
emotion User: I'm feeling a bit lost these days.
emotion User: I was over the moon when I got the offer.
emotion User: This job makes me miserable.
emotion User: I can't wait to see my sister again!
emotion User: My daughter is heartbroken about the hamster.
emotion User: I'm so done with this project.
emotion User: Public speaking terrifies me.
emotion User: I feel like nobody listens to me.
emotion User: I regret quitting the band.
emotion User: She was pretty upset about the email.
emotion User: I'm not really happy with the result.
emotion User: I'm in a bad mood today.
temporal User: The rent is due tomorrow.
temporal User: Let's meet at the station at half past six.
temporal User: I've got a doctor's appointment next Thursday.
temporal User: The warranty runs out in June.
temporal User: I'm flying to Boston on the 14th.
temporal User: We're expecting a baby in October.
temporal User: The kids have swimming lessons on Wednesdays.
temporal User: My parents are coming over for dinner tonight.
temporal User: I'll finish the report by Friday.
temporal User: The concert is on the last Saturday of May.
temporal User: I take my pills every morning at eight.
temporal User: The new season starts in autumn.
temporal User: The trial ends 2026-12-31.
fact* User: Greta here, I run a flower shop in Bremen.
fact* User: I have lived in Osaka for six years now.
fact* User: I'm 19 and still at school.
fact* User: My surname is O'Neill.
fact* User: I am a stay-at-home dad.
fact* User: I'm a single parent with two teenagers.
fact* User: I work night shifts as a paramedic.
fact* User: My home is a houseboat in Amsterdam.
fact* User: I'm from Kenya but based in Dublin.
fact* User: I have a twin brother.
fact* User: I don't have any kids.
fact* User: My wife and I live on a farm.
fact* User: I'm employed at the post office.
episode* User: I was born in Naples in 1988.
fact* User: I teach maths at a secondary school.
preference* User: You can call me Max.
fact* The user is a retired teacher from Boston.
fact* Tim: I'm a law student and live in a shared flat.
preference* User: Reply only in Italian, please, from now on.
preference* User: Please keep all your replies under five lines.
preference* User: I prefer you to be blunt with me.
preference* User: Never give me financial advice.
fact User: The printer is on the second floor.
fact User: My niece speaks four languages.
fact User: Our budget is twenty thousand dollars.
fact User: I have a scar on my left knee.
fact User: The code lives in a monorepo.
fact User: My colleague Petra is from Hungary.
fact User: I can't swim.
fact User: There is a bakery across the street.
fact User: My phone is a Pixel 8.
fact User: I'm good at drawing.
fact User: I own two guitars and a bass.
fact User: My landlord is very strict about noise.
fact Assistant: Paris has about two million inhabitants.
fact Assistant: Your order contains three items.
fact Deborah: The beach is only ten minutes from my house.
fact Evan: My new job comes with a company car.
preference User: Cats are better than dogs, if you ask me.
preference User: I like to start the day with a run.
preference User: I would never buy a diesel.
preference User: My girlfriend prefers hotels to camping.
preference User: I'm not keen on seafood.
preference User: I have always loved the smell of rain.
preference User: I could listen to jazz all day.
preference User: I want my kids to grow up bilingual.
preference User: Thrillers are my guilty pleasure.
preference User: I'd much rather work from home.
preference User: I usually skip breakfast.
preference User: We don't like flying.
preference User: He loves it when it snows.
preference User: I can't get enough of Korean food.
preference James: My favourite game is chess.
preference Sam: I enjoy painting landscapes.
episode User: I fell off my bike on the way to work.
episode User: My brother got married two years ago.
episode User: We visited the Louvre and then had dinner by the river.
episode User: They closed our local cinema last year.
episode User: My laptop died during the presentation.
episode User: I forgot my umbrella on the train.
episode User: As a teenager I won a piano competition.
episode User: I ran into my ex at the supermarket.
episode User: We had to evacuate because of the flood.
episode User: I passed my driving test on the third attempt.
episode User: The neighbours threw a huge party on New Year's Eve.
episode User: My cat disappeared for three days and then came back.
episode User: I helped my uncle renovate his barn.
episode User: Yesterday was a disaster, everything went wrong at work.
episode User: Someone broke into our car.
episode Dave: I fixed up an old Mustang with a friend.
episode Calvin: We shot a music video in the desert last weekend.
emotion User: I'm anxious about moving abroad.
emotion User: The whole thing makes me sad.
emotion User: I'm really looking forward to the holidays.
emotion User: I feel so alone in this city.
emotion User: He was furious that nobody told him.
emotion User: I miss my old team.
emotion User: I'm a nervous wreck before exams.
emotion User: We were all devastated when grandpa died.
emotion User: I'm ashamed of how I behaved.
emotion User: Honestly, I'm relieved it's over.
emotion User: I burst into tears when I read the letter.
emotion User: I've never been so embarrassed in my life.
emotion User: It hurts that she never called back.
emotion Maria: I'm so thankful for the support I've received.
emotion Andrew: Work has been stressing me out lately.
temporal User: My train leaves at 9:15 tomorrow.
temporal User: The meeting with the lawyer is on 3 March.
temporal User: We're moving house next month.
temporal User: I have choir practice on Mondays.
temporal User: The application deadline is the end of August.
temporal User: My sister's wedding is in July.
temporal User: I'm seeing the dentist the day after tomorrow.
temporal User: The store closes at six on Sundays.
temporal User: The next match is on Saturday at noon.
temporal User: I'll be in Berlin from Tuesday to Thursday.
temporal User: My passport expires in 2029.
temporal User: We'll celebrate her birthday this weekend.
temporal User: The course runs until mid December.
temporal User: I need to pick up the kids at four.
temporal User: Payday is on the 25th of each month.
`)
