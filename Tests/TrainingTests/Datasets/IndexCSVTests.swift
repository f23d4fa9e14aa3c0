import Testing

@testable import Training

struct IndexCSVTests {
    private let header = "image,split,class,width,height,boxes_xyxy,source\n"

    private func reason(_ text: String) -> (line: Int, reason: String)? {
        do {
            _ = try IndexCSV(text: text, path: "i.csv")
            return nil
        } catch {
            guard case .index(_, let line, let reason) = error else { return nil }
            return (line, reason)
        }
    }

    @Test func rowsAreRead() throws {
        let index = try IndexCSV(
            text: header + "a.jpg,train,glioma,512,400,1 2 3.5 4; 5 6 7 8,x\r\n\"b,\"\"1\"\".jpg\",val,none,10,20,,\n",
            path: "i.csv")
        #expect(index.rows.count == 2)
        #expect(index.rows[0].boxes.count == 2)
        #expect(index.rows[0].boxes[0] == LabelledBox(x0: 1, y0: 2, x1: 3.5, y1: 4, label: "glioma"))
        #expect(index.rows[0].width == 512 && index.rows[0].height == 400 && index.rows[0].source == "x")
        #expect(index.rows[1].image == "b,\"1\".jpg" && index.rows[1].boxes.isEmpty && index.rows[1].line == 3)
    }

    @Test func columnsMayComeInAnyOrderAndWithoutSource() throws {
        let index = try IndexCSV(
            text: "class,image,height,width,split,boxes_xyxy\nm,a.png,5,6,val,0 0 6 5\n", path: "i.csv")
        #expect(index.rows[0].width == 6 && index.rows[0].className == "m")
    }

    @Test(arguments: [
        ("a.jpg,train,glioma,512,512,1 2 3,x", "3 numbers"), ("a.jpg,train,glioma,512,512,1 2 3 x,x", "\"x\""),
        ("a.jpg,train,glioma,512,512,,x", "needs a box"), ("a.jpg,train,none,512,512,1 2 3 4,x", "has a box"),
        ("a.jpg,train,glioma,0,512,1 2 3 4,x", "width"), (",train,glioma,9,9,1 2 3 4,x", "image is empty"),
        ("a.jpg,train", "2 fields"), ("\"a.jpg,train,none,9,9,,", "not closed"),
    ])
    func badLinesAreNamed(line: String, words: String) throws {
        let found = try #require(reason(header + "z.jpg,train,none,9,9,,\n" + line + "\n"))
        #expect(found.line == 3)
        #expect(found.reason.contains(words))
    }

    @Test func badHeadersAndRepetitionsAreNamed() throws {
        #expect(try #require(reason("")).reason.contains("empty"))
        #expect(try #require(reason("image,splat\n")).reason.contains("\"splat\""))
        #expect(try #require(reason("image,split\n")).reason.contains("\"class\" is missing"))
        #expect(try #require(reason("image,image\n")).reason.contains("twice"))
        let twice = try #require(reason(header + "z.jpg,train,none,9,9,,\nz.jpg,val,none,9,9,,\n"))
        #expect(twice.line == 3 && twice.reason.contains("line 2"))
        #expect(throws: TrainingError.self) { try IndexCSV(path: "/does/not/exist.csv") }
    }
}
