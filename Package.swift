// swift-tools-version: 6.2
import PackageDescription

// One list of compiler settings for every target of ours (CONTRIBUTING.md says why each is here).
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]
// Wrappers of C libraries, and the loops that walk bytes by pointer, cannot have it: there, pointers are the point.
let safe: [SwiftSetting] = settings + [.strictMemorySafety()]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let http: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "tocsin",
    products: [.executable(name: "tocsin", targets: ["tocsin"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Without traits: it would bring a library for configuration, and we have one.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        // No module of its own for each: they are four ways to do one thing. No pkg-config: the module map links them.
        .systemLibrary(
            name: "CCompression",
            providers: [.apt(["libdeflate-dev", "zlib1g-dev", "libbrotli-dev", "libzstd-dev"])]),
        .systemLibrary(name: "CPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        // No pkg-config file: the module map links it.
        .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),

        // The program's malloc.
        .target(name: "CAllocator", linkerSettings: [.linkedLibrary("jemalloc")]),

        // Header only: glibc's own.
        .systemLibrary(name: "CSpawn"),

        .target(name: "Model", swiftSettings: safe),
        .target(name: "Measuring", swiftSettings: safe),
        .target(name: "TextAnalysis", dependencies: ["CStemmer"], swiftSettings: settings),
        .target(name: "Config", dependencies: ["Model", yams], swiftSettings: safe),
        .target(name: "Fetching", dependencies: ["Model", "CCompression", "CCurl", "CPSL"], swiftSettings: settings),
        .target(name: "FeedParsing", dependencies: ["Model", "CLibXML2"], swiftSettings: settings),
        .target(name: "Matching", dependencies: ["Model", "TextAnalysis", "CPCRE2"], swiftSettings: settings),
        .target(name: "SQLiteStorage", dependencies: ["Model", crypto, grdb, sqlite], swiftSettings: safe),
        .target(name: "Sinks", dependencies: ["Model", "Config", "CSpawn", crypto], swiftSettings: safe),
        .target(
            name: "Monitoring",
            dependencies: ["Model", "Measuring", "FeedParsing", "Matching", crypto, logging, lifecycle],
            swiftSettings: safe
        ),
        .target(
            name: "WebServing",
            dependencies: ["Model", "Measuring", crypto, http, hummingbird, logging, lifecycle] + nio,
            swiftSettings: safe),
        .target(
            name: "WebInterface", dependencies: ["Model", "Measuring", "WebServing", crypto], swiftSettings: safe),
        .target(name: "WebPages", dependencies: ["Model", "Matching", "WebServing"], swiftSettings: safe),
        .executableTarget(
            name: "tocsin",
            dependencies: [
                "Model", "TextAnalysis", "Config", "Fetching", "FeedParsing", "Matching", "SQLiteStorage", "Sinks",
                "Monitoring", "Measuring", "WebServing", "WebInterface", "WebPages", "CAllocator", argumentParser, grdb,
                lifecycle, logging, signals,
            ],
            swiftSettings: safe
        ),

        .target(
            name: "TestSupport", dependencies: ["Model", crypto], path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "ModelTests", dependencies: ["Model", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "MeasuringTests", dependencies: ["Measuring", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TextAnalysisTests", dependencies: ["TextAnalysis", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "ConfigTests", dependencies: ["Model", "Config", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "FetchingTests", dependencies: ["Model", "Fetching", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "FeedParsingTests", dependencies: ["Model", "FeedParsing", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "MatchingTests", dependencies: ["Model", "TextAnalysis", "Matching", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "SQLiteStorageTests", dependencies: ["Model", "SQLiteStorage", "TestSupport", grdb],
            swiftSettings: settings),
        .testTarget(
            name: "SinksTests", dependencies: ["Model", "Config", "Sinks", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "MonitoringTests",
            dependencies: [
                "Model", "Measuring", "FeedParsing", "Fetching", "Matching", "Monitoring", "SQLiteStorage",
                "WebServing",
                "TestSupport", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "WebServingTests", dependencies: ["Model", "WebServing", "TestSupport", lifecycle, logging],
            swiftSettings: settings),
        .testTarget(
            name: "WebInterfaceTests",
            dependencies: [
                "Model", "Measuring", "FeedParsing", "SQLiteStorage", "WebServing", "WebInterface", "TestSupport",
                logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "WebPagesTests",
            dependencies: [
                "Model", "Matching", "SQLiteStorage", "WebServing", "WebPages", "TestSupport", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Model", "TestSupport", "tocsin"],
            exclude: ["Servers"], swiftSettings: settings),
    ]
)
