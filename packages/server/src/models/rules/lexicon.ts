import { wordSet } from './words.ts'

/**
 * The words the rules know: closed classes, and what people say out of courtesy. They only ever decide what is left out or joined; a
 * language that is not here is kept sentence by sentence.
 */

/** Said in many languages. */
const everywhere =
  'ok okay oh ah aha haha hahaha hehe lol wow hi hello hey bye ciao sorry super bravo hmm hm yay'

const italianAndPortugueseCourtesy =
  'buongiorno buonasera grazie prego arrivederci bene benissimo perfetto scusa olá oi obrigado obrigada sim tchau bom dia boa tarde noite'

const languageOf = (grammar: readonly string[], courtesy: readonly string[]): ReadonlySet<string> =>
  wordSet(everywhere, ...grammar, ...courtesy)

/**
 * By language the words that tell nothing alone: its grammar, then its courtesy, reaction and applause. A sentence tells nothing when
 * all its words are in one of them; `hat` and `son` are grammar in German and French and tell something in English.
 */
export const languages: readonly ReadonlySet<string>[] = [
  // English
  languageOf(
    [
      'a an the and or but nor so if as at by for from in into of off on onto out over to up with about than then too also just very really quite',
      'i me my mine myself you your yours yourself u ya he him his she her hers it its we us our ours they them their theirs one ones self',
      'this that these those there here who whom whose what which when where why how all any both each few more most other some such only same own',
      'am is are was were be been being do does did done doing have has had having can could will would shall should may might must ought',
      's t m re ve ll d don doesn didn isn aren wasn weren won wouldn couldn shouldn haven hasn hadn ain cannot let lets gonna gotta wanna get got',
      'not even still ever now again much many lot lots bit kind kinda sort way thing things something anything everything nothing',
    ],
    [
      'hi hello hey hiya howdy heya yo greetings bye goodbye cya farewell cheers regards sincerely dear well',
      'thanks thank thx ty tysm appreciate appreciated welcome please sorry pardon excuse apologies',
      'yes yeah yep yup yea yess no nope nah ok okay okey k kk alright sure fine right exactly indeed absolutely definitely totally certainly agree agreed true correct understood noted roger',
      'wow whoa woah woohoo yay yayy hooray haha hahaha hahahaha hehe lol lmao rofl omg oh ooh ah aha ahh aw aww awww hmm hm mhm mm mmm um uh uhh er ugh oops phew gosh damn man dude bro gee geez',
      'good great cool nice awesome amazing wonderful fantastic excellent perfect lovely beautiful brilliant fabulous incredible terrific super sweet neat impressive inspiring rad sick dope fun best better sounds sound seems seem looks look',
      'congrats congratulations kudos bravo hats done going keep wish wishes hope hopefully take safe see speak ya talk chat catch soon later meet long wait glad happy pleased proud hear heard know think love loved like believe believed',
      'go come say said tell told mean make makes made feel feels say worry worries prob biggie mention means help bet guess suppose',
    ],
  ),
  // German
  languageOf(
    [
      'der die das den dem des ein eine einen einem einer eines und oder aber wenn als wie so zu zum zur im in am an auf aus bei mit nach von vom für über unter um',
      'ich mich mir mein meine meinen du dich dir dein deine er ihn ihm sie ihr es wir uns unser unsere euch euer ihnen man sich selbst hier da dort',
      'bin bist ist sind seid war waren warst sein habe hab hast hat haben hatte wird werden wurde kann kannst können muss soll will mag auch noch schon nur sehr mal ja doch denn nicht kein keine was wer wo wann warum',
    ],
    [
      'hallo servus moin grüß grüezi gruß grüße guten gute guter tag morgen abend nacht tschüss tschau ciao wiedersehen danke dankeschön vielen dank bitte gern gerne nein doch jep klar genau stimmt gut super toll prima schön wunderbar freut entschuldigung sorry alles viel spaß liebe herzliche freundlichen grüssen grüßen',
    ],
  ),
  // French
  languageOf(
    [
      'le la les l un une des du de d et ou mais si que qui qu ne pas je j tu il elle on nous vous ils elles me te se ce c ça cela y en à au aux dans pour par sur avec sans',
      'mon ma mes ton ta tes son sa ses notre votre leur suis es est sommes êtes sont étais était ai as a avons avez ont fait plus très bien aussi tout',
    ],
    [
      'bonjour bonsoir salut coucou merci beaucoup oui non si accord bien super génial parfait revoir bientôt bonne journée soirée nuit plaît stp svp rien désolé cordialement',
    ],
  ),
  // Spanish
  languageOf(
    [
      'el los las lo una unos unas y o pero que no en por para con sin sobre al del yo tú tu él ella nosotros ustedes ellos mi mis su sus me te se nos le les soy eres es somos son está estás estoy están era fue he has ha muy más también todo qué cómo',
    ],
    [
      'hola buenos buenas días tardes noches gracias sí vale claro bueno genial perfecto adiós hasta luego pronto nada favor perdón saludos',
    ],
  ),
  // Italian
  languageOf(
    [
      'il lo gli i uno e ma che non di da con su per tra io lui lei noi voi loro mi ti si ci vi sono sei è siamo ho hai ha abbiamo hanno molto anche più questo quello',
    ],
    [italianAndPortugueseCourtesy],
  ),
  // Portuguese
  languageOf(
    [
      'os um uma ele ela nós eles elas meu minha seu sua não em no na do da dos das com eu você é são está foi tem muito mais também isso este',
    ],
    [italianAndPortugueseCourtesy],
  ),
  // Russian
  languageOf(
    [
      'и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее её мне было вот от меня еще ещё нет о из ему мы для это мой моя моё мои твой был была быть есть',
    ],
    [
      'привет здравствуй здравствуйте добрый день вечер утро доброе спасибо большое пожалуйста да нет ок ага угу хорошо отлично супер класс круто пока свидания ладно понятно конечно извини извините',
    ],
  ),
  // Chinese, Japanese, Arabic and others whose scripts keep them apart
  languageOf(
    [
      '的 了 是 在 我 你 他 她 它 们 我们 你们 他们 这 那 也 都 很 就 和 不 吗 呢 吧 啊 は が を に の と も で です ます だ よ ね か わ これ それ この その هو هي أنا أنت في من على إلى و هذا هذه',
    ],
    [
      '你好 您好 早上好 晚上好 谢谢 谢谢你 多谢 好 好的 是的 嗯 哦 哈哈 哈哈哈 再见 拜拜 不客气 没问题 太好了 太棒了 对 对不起',
      'こんにちは こんばんは おはよう おはようございます ありがとう ありがとうございます はい いいえ うん ええ さようなら じゃあね すみません すごい いいですね なるほど 了解 了解です',
      '안녕하세요 안녕 감사합니다 고마워요 네 아니요 नमस्ते धन्यवाद हाँ สวัสดี ขอบคุณ merhaba teşekkürler evet dzień dobry dziękuję tak hallo dank bedankt',
      'مرحبا أهلا السلام عليكم وعليكم شكرا جزيلا نعم لا حسنا تمام رائع مع السلامة عفوا صباح الخير مساء النور',
    ],
  ),
]

/** Nouns of courtesy (`Good job!`, `Have a nice day!`): nothing as long as nobody speaks of themself (`I got the job!`). */
export const courtesyNouns = wordSet(
  'morning afternoon evening night day weekend week time job work luck care deal course problem pleasure idea meeting question questions understanding',
  'tag morgen abend nacht zeit arbeit jour journée soirée nuit día días noche noches tarde tardes dia noite день вечер утро',
)

/** Words that answer a yes-or-no question. */
export const answerWords = wordSet(
  'yes yeah yep yup yea no nope nah sure absolutely definitely certainly never always sometimes often rarely not both neither either correct',
  'ja nein doch nie immer oui non si jamais toujours sí nunca siempre sim não да нет никогда всегда 是 是的 不 不是 对 没有 はい いいえ ええ نعم لا',
)

/** Greeting, thanks and leave-taking: what follows with a capital letter is a name spoken to. */
export const addressWords = wordSet(
  'hi hello hey hiya howdy yo dear bye goodbye thanks thank thx cheers congrats congratulations welcome sorry regards wishes morning afternoon evening night',
  'hallo servus moin danke tschüss tag abend morgen liebe lieber gruß grüße grüßen bonjour salut merci cordialement hola gracias adiós buenos buenas días ciao grazie olá obrigado obrigada привет спасибо пока здравствуйте',
)

/** A statement that begins so leans on the one before it. */
export const dependentWords = wordSet(
  "it its it's itself that that's this these those they they're they've their theirs them he he's she she's his her hers him which so therefore thus hence otherwise because instead however",
  'er sie es dies diese dieser dieses jenes deshalb deswegen daher darum danach außerdem trotzdem allerdings dadurch damit dazu davon',
  'il elle ils elles ce cela ça ceci celui celle donc ainsi él ella ellos ellas eso esto esa ese aquello entonces además',
  'он она оно они это этот эта эти его её их поэтому затем потом 他 她 它 他们 她们 这 那 所以 因此 这个 那个 それ これ あれ その この だから 彼 彼女 彼ら هو هي هم هذا هذه ذلك لذلك',
)

/** May open any statement and say nothing about what it leans on: the next word decides. */
export const linkingWords = wordSet(
  'and but or also then plus well yet still actually anyway oh yeah yes und aber oder auch dann ja et mais ou puis aussi y pero o también luego и а но или также e ma però и',
)

/** The first person, who needs no antecedent. */
export const firstPersonWords = wordSet(
  "i i'm i've i'd i'll my mine me myself we we're we've we'd we'll our us ich mein meine meinen meinem meiner wir unser unsere mir mich uns",
  "je j'ai mon ma mes nous notre nos moi yo mi mis nosotros nuestro nuestra tengo soy estoy vivo trabajo me nos io mio mia noi eu meu minha nós я мой моя моё мои мы наш наша мне меня нам у",
  '我 我们 我的 私 僕 俺 私の 私は 僕は أنا نحن لدي عندي',
)
