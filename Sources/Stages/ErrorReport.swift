import DICOM
import DICOMResults
import DataSets
import Deidentification
import Faces
import Files
import JPEG
import NIfTI
import Networks
import PNG
import Pipelines
import Transforms

/// The one place where errors of all modules become words for a user: a code to script against and a sentence that
/// says what to do. Paths are left out: the caller knows the item and says it relative to INPUT.
struct ErrorReport {
    let code: String
    let message: String

    init(_ error: any Error) {
        switch error {
        case let error as DICOMError: (code, message) = (kebab(error.code.rawValue), error.message)
        case let error as NIfTIError: (code, message) = (kebab(error.code.rawValue), error.message)
        case let error as PNGError: (code, message) = (kebab(error.code.rawValue), error.message)
        case let error as JPEGError: (code, message) = (kebab(error.code.rawValue), error.message)
        case let error as FaceError: (code, message) = (error.code.rawValue, error.description)
        case let error as ReplayError: (code, message) = ("replay", error.description)
        case let error as TransformError: (code, message) = (error.code.rawValue, error.description)
        case let error as ItemError: (code, message) = (error.code.rawValue, error.description)
        case let error as ResultError: (code, message) = (ItemError.Code.noDICOMResult.rawValue, error.message)
        case let error as Refusal: (code, message) = (kebab(error.code.rawValue), error.message)
        case let error as DataSetError: (code, message) = (kebab(error.code.rawValue), error.message)
        case let error as NetworkError: (code, message) = ("network", error.description)
        case let error as ModelNotFound: (code, message) = ("model-not-found", error.description)
        case let error as ContradictionError:
            (code, message) = ("internal", "\(error.description): a fault of this stage, please report it")
        case let error as FileError: (code, message) = (error.code, "cannot \(error.operation) a file: \(error.reason)")
        default: (code, message) = ("internal", "unexpected error of type \(type(of: error)); please report it")
        }
    }
}

/// What an error of any module says to a user, without paths.
public func reason(of error: any Error) -> String { ErrorReport(error).message }

/// "decodeFailed" as users write it: "decode-failed". Runs of capitals stay together: "notDICOM" is "not-dicom".
func kebab(_ name: String) -> String {
    var result = ""
    var previousWasLower = false
    for character in name {
        if character.isUppercase && previousWasLower { result += "-" }
        previousWasLower = character.isLowercase
        result += character.lowercased()
    }
    return result
}
