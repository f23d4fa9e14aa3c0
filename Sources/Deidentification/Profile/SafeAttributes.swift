import DataSets

/// Attributes of the dictionary that Table E.1-1 doesn't name and whose representation could hold anything, read one by
/// one: these describe equipment, technique or vocabulary. Everything else of such representations is removed.
enum SafeAttributes {
    /// Text that stays as it is, unless it spells an identity of the patient or `TechnicalText` finds something in it:
    /// what it is for; nil for what does not stay.
    static func use(ofText keyword: String) -> TechnicalText.Use? {
        vocabulary.contains(keyword)
            ? .vocabulary : equipment.contains(keyword) ? .equipment : technique.contains(keyword) ? .technique : nil
    }

    static let text = vocabulary.union(equipment).union(technique)

    /// Codes and their vocabularies.
    private static let vocabulary: Set<String> = [
        "CodeValue", "LongCodeValue", "CodeMeaning", "CodingSchemeDesignator", "CodingSchemeVersion",
        "CodingSchemeRegistry", "CodingSchemeName", "CodingSchemeResponsibleOrganization", "MappingResourceName",
        "PrivateCreatorReference", "DimensionIndexPrivateCreator", "FunctionalGroupPrivateCreator",
    ]

    /// Makers, models and versions.
    private static let equipment: Set<String> = [
        "Manufacturer", "ManufacturerModelName", "ManufacturerRelatedModelGroup", "SoftwareVersions",
        "SecondaryCaptureDeviceManufacturer", "SecondaryCaptureDeviceManufacturerModelName",
        "SecondaryCaptureDeviceSoftwareVersions", "DetectorManufacturerName", "DetectorManufacturerModelName",
        "ReceiveCoilManufacturerName", "TransmitCoilManufacturerName", "ApplicationVersion",
        "ApplicationManufacturer", "AlgorithmName", "AlgorithmVersion", "AlgorithmSource",
    ]

    private static let technique: Set<String> = [
        // Acquisition.
        "SequenceName", "PulseSequenceName", "ImagedNucleus", "FilterType", "CollimatorGridName", "ConvolutionKernel",
        "ReceiveCoilName", "TransmitCoilName", "MultiCoilElementName", "MultiCoilConfiguration", "PlateType",
        "PhosphorType", "ImageFilter", "VideoImageFormatAcquired",
        "DigitalImageFormatAcquired", "EnergyWindowName", "StackID", "OpticalPathIdentifier",
        "ReferencedOpticalPathIdentifier", "Radiopharmaceutical", "RadiopharmaceuticalRoute", "ContrastBolusRoute",
        "TriggerSourceOrType", "CardiacFramingType", "PVCRejection", "TypeOfFilters",
        "AcquisitionMode", "DoseModeName", "AcquisitionDeviceProcessingCode", "ProcessingFunction",
        "ASLTechniqueDescription", "ASLBolusCutoffTechnique", "ASLCrusherDescription", "GridAbsorbingMaterial",
        "GridSpacingMaterial", "DetectorMode", "OutputPower", "TransducerData", "SourceIsotopeName",
        "FluenceModeID", "ImageDisplayFormat",
        // Reconstruction and meaning of pixels.
        "RescaleType", "ModalityLUTType", "AttenuationCorrectionMethod", "ReconstructionMethod",
        "ScatterCorrectionMethod", "DetectorLinesOfResponseUsed",
        "PositionReferenceIndicator", "TargetPositionReferenceIndicator", "DimensionDescriptionLabel",
        // Documents and presentation.
        "MIMETypeOfEncapsulatedDocument", "FontName", "CSSFontName",
        // What an earlier de-identification said of itself.
        "DeidentificationMethod",
    ]

    /// Labels that people type: words of the field's vocabulary stay.
    static let labels: Set<String> = [
        "SegmentLabel", "SegmentDescription", "FrameLabel", "LUTLabel", "GraphicLayerDescription", "TrackSetLabel",
        "SurfaceModelLabel", "StrainNomenclature", "PatientSpeciesDescription", "PatientBreedDescription",
        "BeamName", "TrackingID", "RTImageLabel", "RTImageName",
        "StageName", "ViewName", "InterventionDrugName", "ApplicationName", "LUTExplanation",
        "WindowCenterWidthExplanation", "PixelSpacingCalibrationDescription", "CompletionFlagDescription",
    ]

    /// Bytes and words that are numbers of the image or of how it is shown.
    static let bulk: Set<String> = [
        "PixelData", "FloatPixelData", "DoubleFloatPixelData", "WaveformData", "WaveformPaddingValue",
        "ChannelMinimumValue", "ChannelMaximumValue", "RedPaletteColorLookupTableData",
        "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData", "AlphaPaletteColorLookupTableData",
        "SegmentedRedPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
        "SegmentedBluePaletteColorLookupTableData", "SegmentedAlphaPaletteColorLookupTableData",
        "BlendingLookupTableData", "RecommendedDisplayCIELabValueList", "CoordinateSystemAxisValues", "LUTData",
        "FileMetaInformationVersion",
    ]

    /// UIDs that stay whatever they are: coding schemes are registered with others than DICOM, too. What PS3.6 registers
    /// (SOP classes, transfer syntaxes, context groups) stays under any attribute, because mapping leaves it.
    static let vocabularyUIDs: Set<String> = ["CodingSchemeUID"]

    /// Coding schemes whose codes are published (PS3.16 section 8): theirs are words of a vocabulary, and no numbers of
    /// persons or places.
    static let publicSchemes: Set<String> = [
        "DCM", "SCT", "SRT", "SNM3", "99SDM", "LN", "UCUM", "RADLEX", "FMA", "MDC", "UMLS", "NCIt", "I10", "I10P",
        "I9C",
        "ICD-O-3", "RFC5646", "RFC3066", "ISO639_1", "ISO639_2", "ISO3166_1", "C4", "HPC", "NDC", "RXNORM", "ATC",
        "UNII",
        "PUBCHEM_CID", "UNS", "NEU", "ACR", "MSH", "MA", "IBSI", "BI", "BARI", "ITIS_TSN",
    ]
}
