internal import ByteCoding
internal import ChangeModel

extension TopicID: WireElement {
    static var minimumByteCount: Int { 16 }

    init(decoding reader: inout ByteReader, version: Int16, flexible: Bool) throws(DecodeError) {
        self = try reader.readUUID()
    }

    func encode(into output: inout ByteBuffer, version: Int16, flexible: Bool) { output.append(uuid: self) }
}
