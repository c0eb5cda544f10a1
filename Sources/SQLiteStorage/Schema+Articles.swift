// What is kept of articles that were told of, as migrations made it.
extension Schema {
    /// Of the item that was told of, as in `items`.
    static let toldArticles = """
        ALTER TABLE article_watches ADD COLUMN title INTEGER;
        ALTER TABLE article_watches ADD COLUMN text INTEGER;
        ALTER TABLE article_watches ADD COLUMN published INTEGER;
        """

    /// Eight bytes each (`WatchHit.people`). Null: before that was kept.
    static let toldPeople = "ALTER TABLE article_watches ADD COLUMN people BLOB"

    /// Of alerts about names that have joined an article: that one. `article` is their own then, which nobody has marked.
    static let joinedArticles = """
        ALTER TABLE alerts ADD COLUMN joined BLOB;
        CREATE INDEX alerts_joined ON alerts (joined) WHERE joined IS NOT NULL;
        """
}
