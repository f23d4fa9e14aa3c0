import Volumes

/// Series of enhanced objects of which each is one point in time or one weighting, as Siemens' software XA writes them.
extension SeriesReader {
    /// Clusters of planes and the volumes that they make. Objects are joined only where what their frames say tells every
    /// channel from the others, and each channel is the frames of one object: then nothing but the container stood between them.
    static func joined(
        _ clusters: [[Plane]], _ pool: [DICOMHeader]
    ) -> [(cluster: [Plane], volumes: [PartSplitting.Volume])] {
        func volumes(_ cluster: [Plane]) -> [PartSplitting.Volume] {
            PartSplitting(cluster, temporalResolution: pool[cluster[0].file].temporalResolution).volumes
        }
        var groups: [(kind: PlaneKind, clusters: [[Plane]])] = []
        var places: [PlaneKind: [Int]] = [:]
        for cluster in clusters {
            var kind = cluster[0].kind
            let header = pool[cluster[0].file]
            if header.frames > 1, !header.frameAttributes.isEmpty { kind.container = "" }
            if let index = places[kind]?.first(where: { groups[$0].clusters[0][0].isLike(cluster[0]) }) {
                groups[index].clusters.append(cluster)
            } else {
                places[kind, default: []].append(groups.count)
                groups.append((kind, [cluster]))
            }
        }
        return groups.flatMap { _, clusters in
            if clusters.count > 1 {
                let cluster = Array(clusters.joined()).sorted { ($0.file, $0.frame) < ($1.file, $1.frame) }
                let found = volumes(cluster)
                if found.flatMap(\.parts).count == clusters.count, found.contains(where: \.isChannels),
                    found.allSatisfy(\.hasChannelsOfOneObject)
                {
                    return [(cluster, found)]
                }
            }
            return clusters.map { ($0, volumes($0)) }
        }
    }
}

extension PartSplitting.Volume {
    fileprivate var isChannels: Bool { parts.count > 1 && axis != .none }

    fileprivate var hasChannelsOfOneObject: Bool {
        parts.allSatisfy { part in part.allSatisfy { $0.file == part[0].file } }
    }
}
