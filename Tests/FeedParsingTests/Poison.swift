import Testing

/// A document with something in it that harms.
struct Poison: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// In front of the root.
    var prolog = ""
    /// Between the first item and the last.
    var middle: String

    init(_ name: String, prolog: String = "", _ middle: String) {
        testDescription = name
        self.prolog = prolog
        self.middle = middle
    }

    static let all = entities + structure + attributes + text + references

    // X1, X3, X10: with or without NOENT, libxml2 expands these somewhere.
    private static let entities: [Poison] = {
        let laughs = (1...9).map { level in
            "<!ENTITY l\(level) \"" + String(repeating: "&l\(level - 1);", count: 10) + "\">"
        }
        let parameters = (1...9).map { level in
            "<!ENTITY % p\(level) '" + String(repeating: "&#37;p\(level - 1);", count: 10) + "'>"
        }
        let billion = "<!DOCTYPE rss [<!ENTITY l0 \"ha\">\(laughs.joined())]>"
        let quad = "<!DOCTYPE rss [<!ENTITY a \"\(String(repeating: "A", count: 65_000))\">]>"
        let million = "<!DOCTYPE rss [<!ENTITY % p0 '<!ENTITY x \"ha\">'>\(parameters.joined())%p9;]>"
        let item = "<item><title>&l9;</title><link>&l9;</link><description>&l9;</description></item>"
        return [
            Poison("X1: a quadratic bomb", prolog: quad, "<item><title>\(repeated("&a;", 15_000))</title></item>"),
            Poison("X3: a billion laughs", prolog: billion, item),
            Poison(
                "X3: laughs in an attribute", prolog: billion, "<item><enclosure url=\"&l9;\" type=\"&l9;\"/></item>"),
            Poison(
                "X1: laughs of parameter entities", prolog: million, "<item><title>&x;</title></item>"),
            Poison(
                "X3: an entity of itself", prolog: "<!DOCTYPE rss [<!ENTITY a \"&a;\">]>",
                "<item><title>&a;</title></item>"),
            Poison(
                "X8: defaulted attributes",
                prolog:
                    "<!DOCTYPE rss [<!ATTLIST item \((0..<3000).map { "a\($0) CDATA 'x'" }.joined(separator: " "))>]>",
                repeated("<item/>", 3000)),
            Poison(
                "X8: lists of defaulted attributes",
                prolog: "<!DOCTYPE rss [\((0..<3000).map { "<!ATTLIST item a\($0) CDATA 'x'>" }.joined())]>",
                repeated("<item/>", 3000)),
            Poison("X8: a defaulted namespace", prolog: "<!DOCTYPE rss [<!ATTLIST item xmlns CDATA 'x'>]>", "<item/>"),
            Poison(
                "a subset of brackets in quotes", prolog: "<!DOCTYPE rss [<!ENTITY a \"]>\"><!-- ]> ' -->]>", "<item/>"),
            Poison("a doctype without its end", prolog: "<!DOCTYPE rss ", "<item/>"),
            Poison("a subset without its end", prolog: "<!DOCTYPE rss [<!ENTITY a \"b\">", "<item/>"),
            Poison("a doctype with an open quote", prolog: "<!DOCTYPE rss PUBLIC \"-//Netscape>", "<item/>"),
            Poison("a doctype in an item", "<item><!DOCTYPE rss [<!ENTITY a \"b\"></item>"),
        ]
    }()

    private static let structure: [Poison] = [
        Poison("X4: 300 levels", "<item>\(repeated("<d>", 300))\(repeated("</d>", 300))</item>"),
        Poison(
            "X4: 300 levels in a text",
            "<item><description>\(repeated("<b>", 300))x\(repeated("</b>", 300))</description></item>"),
        Poison("X4: 300 levels that never close", "<item>\(repeated("<d>", 300))</item>"),
        Poison("X4: a million levels", "<item>\(repeated("<d>", 1_000_000))\(repeated("</d>", 1_000_000))</item>"),
        Poison(
            "X4: a million levels in a text",
            "<item><description>\(repeated("<b>", 1_000_000))\(repeated("</b>", 1_000_000))</description></item>"),
        Poison("a million end tags", "<item>\(repeated("</d>", 1_000_000))</item>"),
        Poison("200,000 end tags of those above", "<item>\(repeated("</rss>", 200_000))</item>"),
        Poison("end tags of those above", "<item></channel></rss></item>"),
        Poison("tags that cross", "<item><title><b><i>x</b></i></title></item>"),
        Poison("300,000 empty elements", "<item>\(repeated("<d/>", 300_000))</item>"),
        Poison("100,000 elements of as many names", "<item>\((0..<100_000).map { "<d\($0)/>" }.joined())</item>"),
        Poison("30,000 namespaces", "<item>\((0..<30_000).map { "<d xmlns='\($0)'/>" }.joined())</item>"),
        Poison("a name of a megabyte", "<item><\(repeated("n", 1_000_000))>x</\(repeated("n", 1_000_000))></item>"),
        Poison("a prefix of a megabyte", "<item><\(repeated("n", 1_000_000)):x/></item>"),
        Poison(
            "30,000 tags, authors and files",
            "<item>\(repeated("<category>a</category><author>b</author><enclosure url='c'/>", 30_000))</item>"),
        Poison(
            "30,000 different tags, authors and files",
            "<item>\((0..<30_000).map { "<category>a\($0)</category><author>b\($0)</author><enclosure url='c\($0)'/>" }.joined())</item>"
        ),
        Poison(
            "100,000 links",
            "<item>\((0..<100_000).map { "<a:link xmlns:a='http://www.w3.org/2005/Atom' href='\($0)'/>" }.joined())</item>"
        ),
        Poison("an Atom feed in an item", "<item><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry/></feed></item>"),
        Poison("instructions", "<item><?php echo \"?\" ?><?xml version=\"1.0\" encoding=\"utf-16\"?><??><? ?></item>"),
        Poison("an instruction without its end", "<item><?php echo</item>"),
        Poison("30,000 instructions without an end", "<item><title>\(repeated("<? >", 30_000))</title></item>"),
        Poison("300,000 comments", "<item>\(repeated("<!-- -->", 300_000))</item>"),
        Poison(
            "100,000 comments whose end stands in a section",
            "<item><title>x</title>\(repeated("<!-- ", 100_000))<![CDATA[ --> ]]></item>"),
        Poison("a comment with dashes", "<item><!-- -- - --- --></item>"),
        Poison("300,000 sections", "<item><title>\(repeated("<![CDATA[x]]>", 300_000))</title></item>"),
        Poison("a million brackets that open nothing", "<item><title>\(repeated("<", 1_000_000))</title></item>"),
        Poison("declarations that are none", "<item><title>\(repeated("<!x", 300_000))</title></item>"),
    ]

    private static let attributes: [Poison] = [
        Poison("X7: 100,000 attributes", "<item \(names(100_000))><title \(names(100_000))>x</title></item>"),
        Poison("X7: 100,000 equal attributes", "<item><title \(repeated("a='' ", 100_000))>x</title></item>"),
        Poison(
            "X7: 100,000 namespaces on one tag",
            "<item><title \((0..<100_000).map { "xmlns:a\($0)='\($0)' " }.joined())>x</title></item>"),
        // 60 kB each: no cut for their length reaches them.
        Poison("X7: 150 tags of 6,000 attributes", "<item>\(repeated("<d \(names(6000))/>", 150))</item>"),
        Poison(
            "X7: namespaces on 1,000 levels",
            "<item>\(repeated("<d \((0..<199).map { "xmlns:a\($0)='b' " }.joined())>", 1000))"
                + "\(repeated("<b/>", 100_000))\(repeated("</d>", 1000))</item>"),
        Poison(
            "a chain of bases",
            "<item><description>\(repeated("<a xml:base='\(repeated("x", 2000))/'>", 190))"
                + "\(repeated("<a href='y'/>", 2000))\(repeated("</a>", 190))</description></item>"),
        Poison("X7: attributes of a tag that never ends", "<item><title \(repeated("a='' ", 100_000))</item>"),
        Poison("an attribute of 11 MB", "<item><title a='\(repeated("x", 11_000_000))'>x</title></item>"),
        Poison("a value that never closes", "<item><title a=\"x>y</title></item>"),
        Poison("a value without quotes", "<item><title a=x>y</title></item>"),
        Poison("an attribute without a value", "<item><title a>y</title></item>"),
        Poison("attributes that touch", "<item><title a='1'b='2'>y</title></item>"),
        Poison("300,000 quotes that open a tag", "<item><title>\(repeated("<a '", 300_000))</title></item>"),
        Poison("quotes that swallow each other", "<item><title>\(repeated("<a '<b' \"", 100_000))</title></item>"),
        Poison("a link of 100,000 steps up", "<item><link>\(repeated("../", 100_000))</link></item>"),
        Poison(
            "a link of 100,000 steps down",
            "<item><link>\(repeated("a/", 100_000))\(repeated("../", 100_000))</link></item>"),
    ]

    private static let text: [Poison] = [
        Poison(
            "X4: a text of 11 MB",
            "<item><title>x</title><description>\(repeated("x", 11_000_000))</description></item>"),
        Poison(
            "X4: a section of 11 MB", "<item><description><![CDATA[\(repeated("x", 11_000_000))]]></description></item>"
        ),
        Poison("X4: a comment of 11 MB", "<item><!--\(repeated("x", 11_000_000))--></item>"),
        Poison("X4: an instruction of 11 MB", "<item><?x \(repeated("x", 11_000_000))?></item>"),
        Poison("X5: a NUL in a text", "<item><title>a\u{0}b</title></item>"),
        Poison("X5: a NUL in a section", "<item><title><![CDATA[a\u{0}b]]></title></item>"),
        Poison("X5: a NUL in a name", "<item><ti\u{0}tle>a</title></item>"),
        Poison("X5: a NUL in an end tag", "<item><title>a</ti\u{0}tle></item>"),
        Poison("X5: a NUL in a value", "<item><title a='\u{0}'>a</title></item>"),
        Poison("X5: a NUL in a comment", "<item><!-- \u{0} --></item>"),
        Poison("X5: a NUL in an instruction", "<item><?a\u{0}?></item>"),
        Poison("X5: a NUL in a reference", "<item><title>&am\u{0}p;</title></item>"),
        Poison("X5: a NUL in a doctype", prolog: "<!DOCTYPE rss \u{0}[\u{0}]>", "<item/>"),
        Poison("X5: a million NULs", "<item><title>\(repeated("\u{0}", 1_000_000))</title></item>"),
        Poison("X5: NULs between items", prolog: "\u{0}", "\u{0}<item/>\u{0}"),
        Poison("controls and noncharacters", "<item><title>\u{1}\u{B}\u{1B}\u{7F}\u{FFFE}\u{FFFF}</title></item>"),
        Poison("the end of a section in a text", "<item><title>a]]>b</title><description>]]></description></item>"),
        Poison("a section in a section", "<item><title><![CDATA[a<![CDATA[b]]>c]]></title></item>"),
        Poison(
            "100,000 sections with one end",
            "<item>\(repeated("<title><![CDATA[x</title>", 100_000))<title><![CDATA[y]]></title></item>"),
        Poison("a section that ends early", "<item><description><![CDATA[<p>]]</p>]]></description></item>"),
        Poison("500,000 ends of sections", "<item><title>\(repeated("]]>", 500_000))</title></item>"),
        Poison("a million spaces", "<item><title>\(repeated(" ", 1_000_000))</title></item>"),
        Poison("a megabyte of marks on one letter", "<item><title>a\(repeated("\u{301}", 500_000))</title></item>"),
        Poison("a date of a megabyte", "<item><pubDate>\(repeated("1 ", 500_000))</pubDate></item>"),
        Poison("a number of a megabyte", "<item><enclosure url='x' length='\(repeated("9", 60_000))'/></item>"),
    ]

    private static let references: [Poison] = [
        Poison("a million ampersands", "<item><title>\(repeated("&", 1_000_000))</title></item>"),
        Poison(
            "X6: 100,000 names that no one declared", "<item><title>\(repeated("&nbsp;&nope;", 100_000))</title></item>"
        ),
        Poison("a reference of a megabyte", "<item><title>&\(repeated("n", 1_000_000));</title></item>"),
        Poison(
            "a number of a million digits",
            "<item><title>&#\(repeated("1", 1_000_000));&#x\(repeated("0", 1_000_000))41;</title></item>"),
        Poison("300,000 numbers that never end", "<item><title>\(repeated("&#1", 300_000))</title></item>"),
        Poison("numbers of no character", "<item><title>&#0;&#1;&#xD800;&#xFFFE;&#x110000;&#-1;&#;&#x;</title></item>"),
        Poison(
            "escapes of escapes",
            "<item><title>&\(repeated("amp;", 200_000))lt;b&\(repeated("amp;", 200_000))gt;</title></item>"),
    ]

    /// Nothing behind them can be told from what they hold.
    static let openEnded: [Poison] = [
        Poison("a comment", "<item><!-- </item>"),
        Poison("a section", "<item><title><![CDATA[ </title></item>"),
        Poison("a million items", repeated("<item>", 1_000_000)),
        Poison("a million items with titles", repeated("<item><title>", 500_000)),
        Poison("a million levels", repeated("<d>", 1_000_000)),
        Poison("300,000 comments", repeated("<!-- ", 300_000)),
        Poison("300,000 sections", repeated("<![CDATA[", 300_000)),
        Poison("300,000 doctypes", repeated("<!DOCTYPE x [", 300_000)),
        Poison("300,000 instructions", repeated("<?x ", 300_000)),
        Poison("300,000 values", repeated("<d a='", 300_000)),
        Poison(
            "50,000 entries in an element of an entry",
            "<entry>\(repeated("<a>", 50_000))<content>\(repeated("<entry/>", 50_000))"),
    ]

    static let json: [Poison] = [
        Poison("100,000 levels", repeated("[", 100_000) + repeated("]", 100_000)),
        Poison("100,000 levels of objects", repeated("{\"a\":", 100_000) + "1" + repeated("}", 100_000)),
        Poison("100,000 keys", "{\((0..<100_000).map { "\"k\($0)\": 1" }.joined(separator: ","))}"),
        Poison("a key 100,000 times", "{\(repeated("\"id\": \"2\",", 100_000)) \"title\": \"x\"}"),
        Poison("a number of a megabyte", "{\"id\": \(repeated("9", 1_000_000))}"),
        Poison("a text of 11 MB", "{\"id\": \"2\", \"content_text\": \"\(repeated("x", 11_000_000))\"}"),
        Poison("100,000 lone surrogates", "{\"id\": \"2\", \"title\": \"\(repeated("\\ud800", 100_000))\"}"),
        Poison("NULs, raw and escaped", "{\"id\": \"2\", \"title\": \"a\u{0}\\\u{0}\\u0000b\"}"),
        Poison("100,000 words that are no value", repeated("nope ", 100_000)),
        Poison(
            "30,000 tags, authors and files",
            """
            {"id": "2", "tags": [\(repeated("\"a\",", 100_000)) "b"], "authors": [\(repeated("{\"name\": \"a\"},", 100_000)) {}],
            "attachments": [\(repeated("{\"url\": \"a\"},", 100_000)) {}]}
            """),
        Poison("markup that repeats", "{\"id\": \"2\", \"title\": \"\(repeated("<a '", 300_000))\"}"),
    ]

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func names(_ count: Int) -> String { (0..<count).map { "a\($0)='' " }.joined() }
}
