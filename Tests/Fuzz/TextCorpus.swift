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

    /// Data sets for training whose only image is the file of annotations itself, called "annotations".
    static let annotationFiles: [(name: String, text: String)] = [
        (
            "coco",
            #"{"images": [{"id": 7, "file_name": "annotations", "width": 100, "height": 80}], "categories": [{"id": 1, "name": "mass"}], "annotations": [{"id": 1, "image_id": 7, "category_id": 1, "bbox": [1.5, 2, 30, 40], "iscrowd": 0}]}"#
        ),
        (
            "index",
            "image,split,class,width,height,boxes_xyxy,source\nannotations,val,mass,100,80,1 2 30.5 40;5 6 7 8,here\n"
        ),
        ("rsna", "patientId,x,y,width,height,Target\nannotations,1,2,30,40,1\nannotations,5,6,7,8,1\n"),
        (
            "vindr",
            "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\nannotations,mass,1,R1,1,2,30,40\n"
                + "annotations,No finding,14,R2,,,,\n"
        ),
        ("nih", "Image Index,Finding Label,Bbox [x,y,w,h],,,\nannotations,Mass,1,2,30.25,40,,,\n"),
        ("chexpert", "Path,Sex,No Finding,Lung Lesion\nannotations,F,,1.0\n\"a,b\",M,-1.0,0.0\n"),
        ("yolo", "path: .\ntrain: annotations\nval: [annotations]\nnames: {0: mass, 1: nodule}\n"),
    ]

    /// Tables of BIDS under the names that say what they are.
    static let tables: [(name: String, text: String)] = [
        ("participants.tsv", "participant_id\tage\tsex\tnote\nsub-01\t93\tF\tGiven\nsub-02\tn/a\tM\t\n"),
        ("sub-01_scans.tsv", "filename\tacq_time\tcomment\nanat/sub-01_T1w.nii.gz\t2019-03-04T11:22:33.4\tok\n"),
        ("sub-01_sessions.tsv", "session_id\tacq_time\tage\r\nses-1\t2019-03-04\t70.5\r\nses-2\t2020-04-05\t71\r\n"),
        ("sub-01_events.tsv", "onset\tduration\ttrial_type\n0.5\t1\tgo\n1e2\tn/a\tGiven went\n"),
    ]
}
