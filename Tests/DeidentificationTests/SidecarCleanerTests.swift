import Testing

@testable import Deidentification

@Suite struct SidecarCleanerTests {
    private func clean(
        _ json: String, _ options: Set<ProfileOption> = [], path: String = "sub-A1/anat/sub-A1_T1w.json",
        _ body: (JSONNode, CleanedText, TestCleaner) throws -> Void
    ) throws {
        let cleaner = try TestCleaner(options)
        let text = try SidecarCleaner(cleaner.files, cleaner.tree())
            .clean(Array(json.utf8), path: path, subject: cleaner.subject())
        #expect(!leak(in: text.bytes, text))
        try body(try JSONParser.parse(text.bytes), text, cleaner)
    }

    @Test func techniqueStaysToTheDigit() throws {
        let json = """
            {"Modality": "MR", "EchoTime": 0.00250, "SliceTiming": [0, 1.250], "RawImage": false,
             "PhaseEncodingDirection": "j-", "Manufacturer": "Siemens", "ImageType": ["ORIGINAL", "M"], "InversionTime": null,
             "FrameDuration": [10, 20], "FrameTimesStart": [0, 10], "ComplexImageComponent": "PHASE",
             "Channels": {"kind": "diffusion", "bValues": [0, 1000], "directionsLPS": [null, [0, 0.6, 0.8]]}}
            """
        try clean(json) { node, text, _ in
            let original = try JSONParser.parse(Array(json.utf8))
            #expect(node == original)
            #expect(text.record.actions.isEmpty)
        }
    }

    @Test func identitiesGoAndLinksStay() throws {
        let json = """
            {"PatientName": "Doe^Jane", "PatientID": "12345678", "PatientBirthDate": "1950-01-02", "PatientSex": "F",
             "PatientWeight": 61.5, "InstitutionName": "St. Elsewhere", "StationName": "MRC40", "DeviceSerialNumber": "SN4711",
             "StudyInstanceUID": "1.2.840.999.1", "SliceSources": ["1.2.840.999.2#3"], "ProcedureStepDescription": "knee of Jane",
             "AcquisitionDateTime": "2016-01-20T10:11:12.5", "ImageComments": "call her mother", "Unheard": {"Of": ["Mueller"]},
             "GeneratedBy": [{"Name": "dcm2niix", "Version": "v1.0 (host of Jane)", "Description": "by Jane"}]}
            """
        try clean(json) { node, text, cleaner in
            let names = cleaner.files.names
            #expect(node["PatientID"] == .string(cleaner.subject().pseudonym))
            #expect(node["StudyInstanceUID"] == .string(names.uid("1.2.840.999.1")))
            #expect(node["SliceSources"] == .array([.string(names.uid("1.2.840.999.2") + "#3")]))
            let program = try JSONParser.parse(Array(#"[{"Name": "dcm2niix", "Version": "v1.0"}]"#.utf8))
            #expect(node["GeneratedBy"] == program)
            for key in [
                "PatientBirthDate", "PatientSex", "PatientWeight", "InstitutionName", "StationName",
                "DeviceSerialNumber",
                "ProcedureStepDescription", "AcquisitionDateTime", "ImageComments", "Unheard",
            ] {
                #expect(node[key] == nil)
            }
            // Names of keys could be names: only places are told.
            #expect(text.record.unruled == ["/14", "/15/1/3"])
            #expect(leak(in: text.bytes + Array("Doe^Jane".utf8), text))
            #expect(leak(in: text.bytes + Array("02.01.1950 ".utf8), text))
        }
    }

    /// The label of a participant may be a name, which then goes from what stays.
    @Test func aNameAsALabelIsFound() throws {
        let json = """
            {"BodyPartExamined": "HOFSTAETTER ANNA", "CoilString": "HEAD_HOFSTAETTER", "SequenceName": "B77X2 ep2d",
             "SoftwareVersions": "syngo of Acme", "Manufacturer": "Acme", "ScanOptions": "PFP"}
            """
        for (path, keys) in [
            ("Acme/sub-Hofstaetter/anat/sub-Hofstaetter_T1w.json", ["SoftwareVersions", "SequenceName"]),
            ("sub-B77X2/anat/sub-B77X2_T1w.json", ["BodyPartExamined", "CoilString", "SoftwareVersions"]),
            ("Hofstaetter, Anna/scan.json", ["SoftwareVersions", "SequenceName"]),
        ] {
            try clean(json, path: path) { node, _, _ in
                for key in ["BodyPartExamined", "CoilString", "SequenceName", "SoftwareVersions"] {
                    #expect((node[key] != nil) == keys.contains(key), "\(path): \(key)")
                }
                #expect(node["Manufacturer"] == .string("Acme") && node["ScanOptions"] == .string("PFP"))
            }
        }
    }

    /// A text that reads as a number need not be one of JSON.
    @Test func anAgeStaysANumberOfJSON() throws {
        try clean(#"{"PatientAge": "06"}"#, [.retainPatientCharacteristics]) { node, _, _ in
            #expect(node["PatientAge"] == .number("6.0"))
        }
    }

    @Test func peopleGoFromTechnicalTexts() throws {
        let json = #"{"DeidentificationMethod": ["Tool 1", "Dr Smithson"], "ReceiveCoilName": "smithson@zebulon.org"}"#
        try clean(json, []) { node, text, _ in
            #expect(node["DeidentificationMethod"] == nil && node["ReceiveCoilName"] == nil)
            #expect(text.record.warnings.count { $0.contains(TechnicalText.problem) } == 2)
        }
        try clean(#"{"ReceiveCoilName": "HeadNeck_20"}"#, []) { node, _, _ in #expect(node["ReceiveCoilName"] != nil) }
    }

    @Test func datesThatStandForUnknownOnesGo() throws {
        let json = #"{"AcquisitionDateTime": "1970-01-01T00:00:00", "DateOfLastCalibration": ["19000101", "20160120"]}"#
        try clean(json, [.retainModifiedDates]) { node, text, _ in
            #expect(node["AcquisitionDateTime"] == nil && node["DateOfLastCalibration"] == nil)
            #expect(text.record.warnings.count { $0.contains("stands for an unknown one") } == 2)
        }
        try clean(json, [.retainFullDates]) { node, text, _ in
            #expect(node["AcquisitionDateTime"] != nil && text.record.warnings.isEmpty)
        }
    }

    @Test func optionsSpeakForSidecarsToo() throws {
        let json = """
            {"PatientSex": "F", "PatientAge": "093Y", "PatientWeight": 61.5, "InstitutionName": "St. Elsewhere",
             "DeviceSerialNumber": "SN4711", "AcquisitionDateTime": "2016-01-20T10:11:12.5", "AcquisitionTime": "10:11:12"}
            """
        try clean(json, [.retainPatientCharacteristics, .retainInstitutionIdentity, .retainModifiedDates]) {
            node, text, cleaner in
            #expect(node["PatientSex"] == .string("F"))
            #expect(node["PatientAge"] == .string("090Y"))
            #expect(node["PatientWeight"] == .number("61.5"))
            #expect(node["InstitutionName"] == .string("St. Elsewhere"))
            #expect(node["DeviceSerialNumber"] == nil)
            let moved = try #require(DateShift(days: cleaner.subject().dayOffset).date("20160120"))
            #expect(node["AcquisitionDateTime"]?.text?.filter(\.isNumber).prefix(8) == moved[...])
            #expect(node["AcquisitionDateTime"]?.text?.hasSuffix("T10:11:12.5") == true)
            #expect(node["AcquisitionTime"] == .string("10:11:12"))
            #expect(
                text.record.quasiIdentifiers == [
                    "age": "090Y", "sex": "F", "weight": "61.5", "institution": "St. Elsewhere",
                ])
        }
        try clean(json, [.retainFullDates, .retainDeviceIdentity]) { node, _, _ in
            #expect(node["AcquisitionDateTime"] == .string("2016-01-20T10:11:12.5"))
            #expect(node["DeviceSerialNumber"] == .string("SN4711"))
            #expect(node["PatientSex"] == nil)
        }
    }

    /// They tell who, or by how much dates were moved.
    @Test func numbersThatAreIdentitiesGo() throws {
        let json = """
            {"PatientID": "4711999", "AcquisitionDateTime": "2020-03-17T10:11:12", "InstanceNumber": 4711999,
             "SeriesNumber": 20200317, "AcquisitionNumber": 1584437472, "TriggerTime": 1584437472.5, "EchoTime": 0.03,
             "InjectedRadioactivity": 1584437472, "SpecificRadioactivity": 384437472, "RadionuclideTotalDose": 384437472}
            """
        try clean(json, [.retainModifiedDates]) { node, _, _ in
            guard case .object(let members) = node else { return }
            let kept = [
                "PatientID", "AcquisitionDateTime", "EchoTime", "SpecificRadioactivity", "RadionuclideTotalDose",
            ]
            #expect(members.map(\.key) == kept)
        }
    }

    /// A key that announces technique does not make everything under it technique.
    @Test func valuesMustBeWhatTheirKeysAnnounce() throws {
        let json = """
            {"EchoTime": "Jane Doe", "ScanOptions": "asked by Jane", "PhaseEncodingDirection": "Jane", "SliceTiming": [0, "Jane"],
             "SequenceName": "Jane Doe", "PatientName": "Jane^Doe", "RepetitionTime": {"Jane": "Doe"}, "Manufacturer": ["GE", "JANE"],
             "ConversionSoftware": "my own", "AcquisitionNumber": "7"}
            """
        try clean(json) { node, _, _ in
            guard case .object(let members) = node else { return }
            #expect(members.map(\.key) == ["PatientName", "AcquisitionNumber"])
        }
    }

    /// Dates and telephone numbers are numbers, too, and sentences in capitals are made of a code's letters.
    @Test func numbersAndCodesAreThoseOfTechnique() throws {
        let json = """
            {"InjectionStart": 20200317, "ScanStart": 1584439872, "SeriesNumber": "19340521", "EchoTime": "06641234567",
             "RepetitionTime": 17032020.0, "ScanOptions": "NURSE WIMMERL 0664 1234567", "SequenceVariant": "06641234",
             "ImageType": ["ORIGINAL", "WIMMERL CALL 0664 123456"], "CoilString": "ANNA 21.05.1934", "AcquisitionTime": "34:05:21",
             "InjectedRadioactivity": 185000000, "AcquisitionNumber": 7, "ReceiveCoilActiveElements": "HEA;HEP;NE1,2;SP1-8",
             "ScanningSequence": "EP_GR_SE_IR_RM_EP_GR_SE", "InstanceNumber": "1000301"}
            """
        try clean(json, [.retainFullDates]) { node, _, _ in
            guard case .object(let members) = node else { return }
            #expect(
                members.map(\.key) == [
                    "InjectedRadioactivity", "AcquisitionNumber", "ReceiveCoilActiveElements", "ScanningSequence",
                    "InstanceNumber",
                ])
        }
    }

    @Test func gradientsAreBelowAMillion() throws {
        let text = try GradientTable.clean(Array("0 1000 99999.5\n".utf8), rows: 1)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "0 1000 99999.5\n")
        #expect(throws: Refusal.self) { try GradientTable.clean(Array("0 1000 19340521\n".utf8), rows: 1) }
    }

    @Test func labelsAndReferencesFollowTheNames() throws {
        let json = """
            {"TaskName": "rest", "B0FieldIdentifier": "JaneDoe", "IntendedFor": ["ses-1/func/sub-A1_ses-1_task-rest_bold.nii.gz",
             "bids::sub-A1/anat/sub-A1_T1w.nii.gz"]}
            """
        try clean(json) { node, _, cleaner in
            let tree = cleaner.tree()
            #expect(node["TaskName"] == .string("rest"))
            #expect(node["B0FieldIdentifier"]?.text?.count == 8)
            let bold = try #require(tree.path("sub-A1/ses-1/func/sub-A1_ses-1_task-rest_bold.nii.gz"))
            let image = try #require(tree.path("sub-A1/anat/sub-A1_T1w.nii.gz"))
            #expect(
                node["IntendedFor"]
                    == .array([
                        .string(bold.split(separator: "/").dropFirst().joined(separator: "/")),
                        .string("bids::" + image),
                    ]))
        }
        try clean(#"{"IntendedFor": "/home/jane/x.nii", "EchoTime": 1}"#) { node, _, _ in
            #expect(node["IntendedFor"] == nil)
        }
    }

    @Test func descriptionsOfDataSetsLoseTheirPeople() throws {
        let json =
            #"{"Name": "Jane's study", "BIDSVersion": "1.9.0", "Authors": ["Jane Doe"], "License": "CC0", "Funding": ["x"]}"#
        try clean(json, path: "dataset_description.json") { node, _, _ in
            #expect(
                node
                    == .object([
                        .init(key: "Name", value: .string("De-identified data set")),
                        .init(key: "BIDSVersion", value: .string("1.9.0")),
                        .init(key: "License", value: .string("CC0")),
                    ]))
        }
    }

    @Test func identityOfASidecar() throws {
        let json = #"{"EchoTime": 1, "global": {"const": {"PatientID": "7", "PatientBirthDate": "1950-01-02"}}}"#
        let identity = try #require(try SidecarCleaner.identity(Array(json.utf8)))
        #expect(identity.id == "7" && identity.birthDate == "19500102")
        #expect(try SidecarCleaner.identity(Array(#"{"Jane": 1}"#.utf8)) == nil)
        #expect(throws: Refusal.self) { try SidecarCleaner.identity(Array("[1]".utf8)) }
    }
}
