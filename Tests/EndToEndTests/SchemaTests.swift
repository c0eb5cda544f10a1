import Foundation
import TestSupport
import Testing

/// The JSON Schema against a validator that others wrote, and against what the loader says.
@Suite struct SchemaTests {
    @Test func `the schema takes what is right, and finds what a schema can find`() async throws {
        let place = try Workplace("watch: []\n")
        let printed = try await place.run("schema")
        #expect(printed.status == 0)
        try place.write(printed.output, to: "schema.json")
        let script = Fixture.repository.appendingPathComponent("Tests/EndToEndTests/Servers/schemacheck.py").path
        let arguments = [script, Program.path, "schema.json", Fixture.repository.path, place.folder.path]
        let check = try Python.start(arguments, in: place.folder)
        let result = await check.end()
        #expect(result.status == 0, "\(result.errors)")
        let wrong = try JSONDecoder().decode([String: [String]].self, from: Data(result.output.utf8))
        if wrong["missing"] != nil { return }
        #expect(wrong == [:])
    }
}
