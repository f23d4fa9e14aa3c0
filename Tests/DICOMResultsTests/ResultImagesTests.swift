import DataSets
import Testing
import Volumes

@testable import DICOMResults

@Suite struct SegmentationTests {
    /// Frame by frame, the pixels that are set.
    private func pixels(_ file: PartTenFile) throws -> [[(column: Int, row: Int)]] {
        let (dataSet, bytes) = (file.dataSet, try file.pixels)
        let (rows, columns) = (dataSet.words("Rows")[0], dataSet.words("Columns")[0])
        return (0..<Int(dataSet.value("NumberOfFrames"))!).map { frame in
            (0..<rows * columns).filter { pixel in
                let bit = frame * rows * columns + pixel
                return bytes[bit / 8] >> UInt8(bit % 8) & 1 == 1
            }.map { ($0 % columns, $0 / columns) }
        }
    }

    @Test func boxesBecomePixelsWhoseCentresTheyHold() throws {
        let file = try reread(#require(try makeResults().segmentation()))
        let frames = try pixels(file)
        #expect(frames.count == 4)
        // 1.2...4.9 holds the centres 1.5 to 4.5; 2...3.4 only 2.5.
        #expect(frames[0].map(\.column) == [1, 2, 3, 4] && frames[0].allSatisfy { $0.row == 2 })
        for frame in frames[1...] { #expect(frame.count == 24 && frame.allSatisfy { $0.column >= 6 }) }
        #expect(file.dataSet["SegmentSequence"]?.items?.count == 2)
    }

    /// A spacing or a network may be damaged: such a box covers what there is.
    @Test func boxesOfAnySizeEndWithTheStack() throws {
        let box = Box(lower: [-1e300, -1e300, -1e300], upper: [1e300, 1e300, 1e300])
        let finding = ResultFinding(label: "glioma", confidence: 1, box: box, keySlice: 1, keyBox: box)
        let file = try reread(#require(try makeResults(findings: [finding]).segmentation()))
        #expect(try pixels(file).map(\.count) == [60, 60, 60, 60])
    }

    @Test func framesSayWhereTheyLieAndWhatTheyAreFrom() throws {
        let dataSet = try reread(#require(try makeResults().segmentation())).dataSet
        let shared = dataSet.item("SharedFunctionalGroupsSequence")
        let measures = shared.item("PixelMeasuresSequence")
        #expect(measures.value("PixelSpacing") == "0.25\\0.5" && measures.value("SpacingBetweenSlices") == "2.0")
        #expect(
            shared.item("PlaneOrientationSequence").value("ImageOrientationPatient")
                == "0.0\\1.0\\0.0\\0.0\\0.0\\-1.0")
        // The last slice lies half a millimetre off the even stack, and its frame with it.
        let last = dataSet.item("PerFrameFunctionalGroupsSequence", 3)
        #expect(last.item("PlanePositionSequence").value("ImagePositionPatient") == "1.5\\7.0\\1.5")
        #expect(last.item("FrameContentSequence").words("DimensionIndexValues") == [2, 4])
        #expect(
            last.item("DerivationImageSequence").item("SourceImageSequence").value("ReferencedSOPInstanceUID")
                == "1.2.3.4.3")
        #expect(dataSet.value("FrameOfReferenceUID") == "1.2.3.9")
    }

    @Test func imagesWithoutAPlaceKeepOnlyTheirOrder() throws {
        let dataSet = try reread(#require(try makeResults(hasPositions: false).segmentation())).dataSet
        let frame = dataSet.item("PerFrameFunctionalGroupsSequence", 1)
        #expect(frame["PlanePositionSequence"] == nil && dataSet["FrameOfReferenceUID"] == nil)
        #expect(frame.item("FrameContentSequence").words("InStackPositionNumber") == [2])
    }

    /// Classes and models may be called anything.
    @Test func namesOfAModelAreOneValueEach() throws {
        let box = Box(x: 1...4, y: 2...4, slice: 1)
        let accented = String(repeating: "e\u{301}", count: 700)
        var results = try makeResults(
            findings: ["a\\b\u{1B}", accented].map { label in
                ResultFinding(label: label, confidence: 0.5, box: box, keySlice: 1, keyBox: box)
            })
        results.maker = ResultMaker(program: "Hilum", version: "1", model: "my\\model", modelDigest: "")
        let dataSet = try reread(#require(try results.segmentation())).dataSet
        let first = dataSet.item("SegmentSequence")
        #expect(first.value("SegmentLabel").hasPrefix("a_b_ 50 %"))
        #expect(first.item("SegmentedPropertyTypeCodeSequence").value("CodeValue") == "a_b_")
        #expect(
            first.value("SegmentAlgorithmName") == "my_model" && dataSet.value("ManufacturerModelName") == "my_model")
        let code = dataSet.item("SegmentSequence", 1).item("SegmentedPropertyTypeCodeSequence")
        #expect(code.value("CodeMeaning").unicodeScalars.count == 64 && code["CodeValue"] == nil)
        let state = try reread(#require(results.presentations().first)).dataSet
        let caption = state.item("GraphicAnnotationSequence").item("TextObjectSequence", 1)
        #expect(caption.value("UnformattedTextValue").unicodeScalars.count == 1024)
    }

    @Test func morePixelsThanAnObjectHoldsAreRefused() throws {
        var results = try makeResults()
        (results.stack.rows, results.stack.columns) = (65535, 65535)
        let everywhere = Box(lower: [0, 0, 0], upper: [65535, 65535, 4])
        let finding = ResultFinding(label: "x", confidence: 0.5, box: everywhere, keySlice: 1, keyBox: everywhere)
        results.findings = [finding, finding, finding]
        #expect(throws: ResultError.self) { try results.segmentation() }
    }

    @Test func nothingFoundIsNoSegmentation() throws {
        #expect(try makeResults(findings: []).segmentation() == nil)
    }
}

@Suite struct PresentationStateTests {
    @Test func boxesAndCaptionsLieOnTheirImages() throws {
        let dataSet = try reread(#require(makeResults().presentations().first)).dataSet
        let images = dataSet.item("ReferencedSeriesSequence")["ReferencedImageSequence"]?.items ?? []
        #expect(images.map { $0.value("ReferencedSOPInstanceUID") } == ["1.2.3.4.1", "1.2.3.4.2"])
        let first = dataSet.item("GraphicAnnotationSequence")
        #expect(first.item("GraphicObjectSequence").floats("GraphicData").prefix(2) == [1.2, 2])
        #expect(first.item("TextObjectSequence").value("UnformattedTextValue") == "glioma 93 % (high)")
        let area = dataSet.item("DisplayedAreaSelectionSequence")
        #expect(area.words("DisplayedAreaBottomRightHandCorner") == [10, 6])
        #expect(dataSet.item("SoftcopyVOILUTSequence").value("WindowWidth") == "80.0")
        #expect(dataSet.value("PresentationLUTShape") == "IDENTITY" && dataSet["RescaleSlope"] == nil)
    }

    @Test func monochrome1IsTurnedAround() throws {
        let dataSet = try reread(#require(makeResults(isInverted: true).presentations().first)).dataSet
        #expect(dataSet.value("PresentationLUTShape") == "INVERSE")
    }

    @Test func eachScaleOfValuesHasAState() throws {
        // Each slice has a slope of its own.
        let states = try makeResults(slope: 2).presentations().map { try reread($0).dataSet }
        #expect(states.map { $0.value("RescaleSlope") } == ["4.0", "6.0"])
        #expect(states.map { $0.value("InstanceNumber") } == ["1", "2"])
        #expect(Set(states.map { $0.value("SeriesInstanceUID") }).count == 1)
        #expect(states.allSatisfy { $0["GraphicAnnotationSequence"]?.items?.count == 1 })
    }

    @Test func withoutAWindowTheHeadersTableIsShown() throws {
        var results = try makeResults()
        let table = VOILUT(table: ModalityLUT(firstMapped: -3, values: [0, 7, 255]), bits: 8)
        for index in results.stack.images.indices { results.stack.images[index].voiLUTs = [table] }
        func look() throws -> DataSet {
            try reread(#require(results.presentations().first)).dataSet.item("SoftcopyVOILUTSequence")
        }
        #expect(try look()["VOILUTSequence"] == nil && look()["WindowCenter"] != nil)
        for index in results.stack.images.indices { results.stack.images[index].windows = [] }
        let item = try look().item("VOILUTSequence")
        #expect(item.words("LUTDescriptor") == [3, 65533, 8] && item.words("LUTData") == [0, 7, 255])
        #expect(try item["LUTDescriptor"]?.vr == .SS && look()["WindowCenter"] == nil)
    }

    @Test func aTableThatBeginsBelowZeroSaysSo() throws {
        var results = try makeResults()
        for index in results.stack.images.indices {
            results.stack.images[index].modalityLUT = ModalityLUT(firstMapped: -1000, values: [0, 7, 9])
        }
        let dataSet = try reread(#require(results.presentations().first)).dataSet
        let descriptor = try #require(dataSet.item("ModalityLUTSequence")["LUTDescriptor"])
        #expect(descriptor.vr == .SS)
        #expect(dataSet.item("ModalityLUTSequence").words("LUTDescriptor") == [3, 65536 - 1000, 16])
    }

    @Test func colourIsRefusedAndNothingFoundIsNoState() throws {
        #expect(throws: ResultError.self) { try makeResults(isColor: true).presentations() }
        #expect(try makeResults(findings: []).presentations().isEmpty)
    }
}

@Suite struct SecondaryCaptureTests {
    @Test func picturesAreOneSeriesInOrder() throws {
        let header = makeHeader([.text("BurnedInAnnotation", "YES")])
        let pictures = (0..<2).map { ResultPicture(width: 3, height: 1, bytes: Array(0..<9), slice: $0 + 1) }
        let captures = try makeResults(header: header).captures(pictures).map { try reread($0) }
        let files = captures.map(\.dataSet)
        #expect(Set(files.map { $0.value("SeriesInstanceUID") }).count == 1)
        #expect(Set(files.map { $0.value("SOPInstanceUID") }).count == 2)
        #expect(files.map { $0.value("InstanceNumber") } == ["1", "2"])
        #expect(files[1].item("SourceImageSequence").value("ReferencedSOPInstanceUID") == "1.2.3.4.2")
        #expect(files[0].value("BurnedInAnnotation") == "YES" && files[0].words("Columns") == [3])
        #expect(try Array(captures[0].pixels.prefix(9)) == Array(0..<9))
    }
}
