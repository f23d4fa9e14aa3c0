import Files
import Volumes

/// Files that bear one SOP Instance UID, which names one object (PS3.5 9).
extension SeriesReader {
    /// Headers without the copies among them; the copies by the index of what they repeat; and why volumes with these
    /// SOP Instance UIDs are refused. Only headers are compared here: bytes are when the files are read.
    ///
    /// Files that are whole volumes or pictures by themselves stay items of their own, however often they are there.
    static func withoutCopies(
        _ headers: [DICOMHeader]
    ) -> (pool: [DICOMHeader], repeats: [Int: [DICOMHeader]], conflicts: [String: DICOMError]) {
        var pool: [DICOMHeader] = []
        var repeats: [Int: [DICOMHeader]] = [:]
        var conflicts: [String: DICOMError] = [:]
        var known: [String: Int] = [:]
        for header in headers {
            guard !header.sopInstanceUID.isEmpty, header.isPartOfVolume else {
                pool.append(header)
                continue
            }
            guard let index = known[header.sopInstanceUID] else {
                known[header.sopInstanceUID] = pool.count
                pool.append(header)
                continue
            }
            let original = pool[index]
            if header.fileSize == original.fileSize && header.hasSamePixels(as: original)
                && header.imagePositionPatient == original.imagePositionPatient
                && header.frameAttributes == original.frameAttributes
            {
                repeats[index, default: []].append(header)
            } else {
                conflicts[header.sopInstanceUID] = different(header.path)
                pool.append(header)
            }
        }
        return (pool, repeats, conflicts)
    }

    /// Makes sure that what passes for copies are copies.
    ///
    /// - Throws: `DICOMError` when a file differs from the one that it repeats.
    static func checkCopies(_ series: Series) throws(DICOMError) {
        for (copy, original) in series.copies {
            let (path, other) = (series.headers[copy].path, series.headers[original].path)
            guard PathKey(path) != PathKey(other) else { continue }
            if series.headers[copy].sopInstanceUID == series.headers[original].sopInstanceUID {
                guard try hasSameBytes(path, other) else { throw different(path) }
            } else {
                guard try values(of: series.headers[copy]) == values(of: series.headers[original]) else {
                    throw DICOMError(
                        .duplicateSlices, path: path,
                        "another slice of the series lies at the same place and has other pixels, and nothing tells the "
                            + "two apart; keep one of them")
                }
            }
        }
    }

    private static func hasSameBytes(_ path: String, _ other: String) throws(DICOMError) -> Bool {
        do throws(FileError) {
            return try FileBytes.read(path) == FileBytes.read(other)
        } catch {
            throw DICOMError(.unreadable, path: path, error.reason)
        }
    }

    /// Stored values of a file of one frame.
    private static func values(of header: DICOMHeader) throws(DICOMError) -> [Float] {
        try header.checkReadable()
        let file = try OpenFile(path: header.path, headerOnly: false)
        var source = try FrameSource(file, header: header)
        let count = header.rows * header.columns
        var failure: DICOMError?
        let values = [Float](unsafeUninitializedCapacity: count * header.channels) { buffer, filled in
            do throws(DICOMError) {
                try source.read(0, of: file, into: (0..<header.channels).map { buffer.baseAddress! + $0 * count })
                filled = count * header.channels
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }

    private static func different(_ path: String) -> DICOMError {
        DICOMError(
            .duplicateSlices, path: path,
            "another file of the series has the same SOP Instance UID and other content; keep the right one of them")
    }
}

extension DICOMHeader {
    /// Has a place in the patient that other files may continue.
    fileprivate var isPartOfVolume: Bool {
        let isPlaced = imagePositionPatient != nil && imageOrientationPatient != nil
        return frames == 1 ? isPlaced : concatenationUID != nil && !frameAttributes.isEmpty
    }
}
