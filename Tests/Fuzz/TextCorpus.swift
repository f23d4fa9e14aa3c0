extension FuzzTarget {
    /// JSON as dcm2niix and BIDS have it, with what is hard to read in JSON.
    static let sidecars: [(name: String, text: String)] = [
        (
            "acquisition",
            """
            {"Modality": "MR", "RepetitionTime": 2.5e-0, "EchoTime": 0.00345, "ImageType": ["ORIGINAL", "PRIMARY", "M"],
             "PatientName": "Family^Given", "PatientID": "MRN00123", "AcquisitionDateTime": "2019-03-04T11:22:33.450000",
             "AcquisitionTime": "11:22:33.450000", "InstitutionName": "St. Mary", "DeviceSerialNumber": "45231",
             "StudyInstanceUID": "1.2.826.0.1.3680043.8.498.1", "PatientBirthDate": "1950-01-31", "PatientAge": "069Y",
             "SliceTiming": [0, 0.5, 1, 1.5], "ProtocolName": "t1 mprage Given", "IntendedFor": ["func/sub-01_bold.nii.gz"]}
            """
        ),
        (
            "nested",
            #"{"global": {"const": {"PatientName": "A^B", "x": [[[[]]]]}, "slices": {"EchoTime": [1, 2, null, true]}}}"#
        ),
        ("escapes", #"{"SeriesDescription": "\u00e9\ud83d\ude00\n\t\"\\\/", "k\u0000": -0.0, "n": 1e308, "m": -1E+2}"#),
        (
            "dataset",
            #"{"Name": "Study of Given", "BIDSVersion": "1.9.0", "Authors": ["Family, Given"], "DatasetDOI": "10.1/2"}"#
        ),
    ]

    /// Tables of BIDS under the names that say what they are.
    static let tables: [(name: String, text: String)] = [
        ("participants.tsv", "participant_id\tage\tsex\tnote\nsub-01\t93\tF\tGiven\nsub-02\tn/a\tM\t\n"),
        ("sub-01_scans.tsv", "filename\tacq_time\tcomment\nanat/sub-01_T1w.nii.gz\t2019-03-04T11:22:33.4\tok\n"),
        ("sub-01_sessions.tsv", "session_id\tacq_time\tage\r\nses-1\t2019-03-04\t70.5\r\nses-2\t2020-04-05\t71\r\n"),
        ("sub-01_events.tsv", "onset\tduration\ttrial_type\n0.5\t1\tgo\n1e2\tn/a\tGiven went\n"),
    ]
}
