/// How the words of one language change, as a speaker of it would list it.
///
/// All letters are as folding leaves them: small, without the marks that folding takes off (docs/matching.md), without
/// apostrophes. Two words are forms of one when a `stemmer` leaves the same of both, or when one begins the other and
/// `endings` make up the rest.
package struct Language: Sendable {
    /// ISO 639-1, and the name in English.
    package var code: String
    package var name: String
    package var script: Script

    // MARK: Languages with a Snowball stemmer

    /// Its name in libstemmer.
    var stemmer: String?
    /// Ends of stems that stand for others, the longer first: what a stemmer leaves of a verb and of the noun made of it.
    /// After `^` stands a whole stem; after `|` what the word must have besides.
    var alike: [(String, String)] = []
    /// Ends that stems of verbs, their participles and the nouns made of them lose where nothing in `alike` does, the
    /// longer first; no other words do. All but the longest only after five letters.
    var loose: [String] = []
    /// Words with these ends mean something else than those without: deportment is not to deport. Ends of one meaning
    /// stand in one entry. Only where the stemmer takes the whole end off.
    var different: [String] = []
    /// Longer ends of these that name what the verb does, and nothing else: imprisonment is to imprison. Before `-` stands
    /// how the word begins: verbs of en-, enslavement.
    var same: [String] = []
    /// Stems of verbs whose doer is found by them: to protest, protester; persecution, persecutor.
    /// In Arabic, of the participle that names who does it, or who it is done to.
    package var doers: [String] = []
    /// What may follow a term's stem, with the letters that it must follow: уйгур, уйгурский.
    var derived: [(after: String, String)] = []
    /// The same of a whole word, five letters of it or more: студент, студентка.
    var feminine: [(after: String, String)] = []
    /// What may follow the stem of a word that begins with one of `inseparable`: Verfolgung, verfolgt.
    var closedParticiples: [String] = []
    /// Letters between the parts of a compound that begins with a term; nil where compounds are written apart.
    var links: [String]?
    /// What no second part of a compound begins with: Internat, but not international.
    var foreignEndings: [String] = []
    /// Prefixes that a participle puts -ge- after, those that it has no -ge- with, and ends of verbs' stems with those of
    /// their participles, the longer first: Auslieferung, ausgeliefert; Vertreibung, vertrieben.
    package var separable: [String] = []
    package var inseparable: [String] = []
    package var strong: [(String, String)] = []
    /// Those of `strong` whose verbs with an inseparable prefix are everyday words, and no forms of their nouns:
    /// Verbindung, verbunden.
    package var everyday: [String] = []
    /// Words with these ends name an action: it may also stand on the other side of what it is done to.
    package var actions: [String] = []

    // MARK: Languages with endings one after the other

    /// Endings in their order: one of each list at most.
    var endings: [[String]] = []
    /// What a term at the end of a phrase may have that a text exchanges for other endings: лагері, лагерьлеріне.
    var possessives: [String] = []
    /// Plurals: a term that has one also stands for its singular. санкциялар, санкцияның
    var plurals: [String] = []
    /// Ends of the form under which a dictionary has a verb, and the endings that take their place.
    var verbalNouns: [String] = []
    var verbEndings: [[String]] = []
    /// What makes a verb of a noun, which then has a verb's endings: sansürlendi.
    var denominals: [String] = []
    /// A word's last letter, and what it becomes before a vowel.
    var softened: [(String, String)] = []
    /// A vowel of the last syllable, and what it becomes before endings.
    var raised: [(String, String)] = []
    /// A vowel of a verb's stem, and what it becomes before `narrowing`: toplamak, topluyor.
    var narrowed: [(String, String)] = []
    var narrowing = ""
    var vowels = ""
    /// Vowels of a last syllable that go before an ending with a vowel: kayıp, kaybın.
    var dropped = ""
    /// Small words written together with the next one, the longer first.
    var clitics: [String] = []
    /// Words with ا after their first letter whose plural has و there and after the second: شاهد, شهود.
    package var pluralsWithWaw: [String] = []

    package static let all: [Language] = [
        .english, .german, .french, .spanish, .russian, .turkish, .kazakh, .kyrgyz, .uzbek, .uzbekCyrillic, .uyghur,
        .uyghurLatin, .arabic,
    ]
}
