import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;

/** Adds to each line of a file of schemas and pairs what Avro for Java and Confluent's AvroSchema say of it. */
public class Oracle {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    for (String line : Files.readAllLines(Paths.get(arguments[0]))) {
      ObjectNode entry = (ObjectNode) mapper.readTree(line);
      try {
        if (entry.get("op").asText().equals("text")) {
          describe(entry);
        } else {
          compare(entry);
        }
      } catch (Exception error) {
        entry.put("error", error.getMessage());
      }
      System.out.println(mapper.writeValueAsString(entry));
    }
  }

  private static void describe(ObjectNode entry) {
    String text = entry.get("schema").asText();
    Schema schema = new Schema.Parser().parse(text);
    entry.put("canonical", new AvroSchema(text).canonicalString());
    entry.put("normalized", new AvroSchema(text).normalize().canonicalString());
    entry.put("parsing", SchemaNormalization.toParsingForm(schema));
    entry.put("rabin", Long.toUnsignedString(SchemaNormalization.parsingFingerprint64(schema)));
  }

  private static void compare(ObjectNode entry) {
    Schema reader = new Schema.Parser().parse(entry.get("reader").asText());
    Schema writer = new Schema.Parser().parse(entry.get("writer").asText());
    ArrayNode findings = entry.putArray("findings");
    for (SchemaCompatibility.Incompatibility found :
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult().getIncompatibilities()) {
      ObjectNode finding = findings.addObject();
      finding.put("type", found.getType().toString());
      finding.put("path", found.getLocation());
      finding.put("message", found.getMessage());
    }
  }
}
