import Model

/// A parsed query. Offsets count characters from the start of the query.
indirect enum Query {
    case term(QueryTerm)
    case person(name: String, offset: Int)
    case concept(name: String, offset: Int)
    case language(String, offset: Int)
    case feed(String, offset: Int)
    case tag(String, offset: Int)
    case and([Query])
    case or([Query])
    case not(Query, offset: Int)
    case near(Query, Query, distance: Int, ordered: Bool, offset: Int)
    case field(Field, Query, offset: Int)
}

struct QueryTerm {
    enum Kind: Equatable {
        /// Words in order. `slop`: any order, with at most that many other words among them.
        case words(slop: Int?)
        case exact
        case regex
    }

    var text: String
    var kind: Kind
    var offset: Int
}

/// A fault in a query: what, the remedy, and the character that it begins at.
struct QueryFault: Error, Hashable {
    var fault: String
    var remedy: String
    var offset: Int
}
