package io.parallax.local.inventory;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.parallax.local.inventory.InventoryDocument.Card;
import io.parallax.local.inventory.InventoryDocument.Machine;
import io.parallax.wire.InventoryEntry;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads inventory files: JSON, YAML and CSV, told apart by the end of their name. */
public final class InventoryFile {

    private static final ObjectMapper JSON = strict(JsonMapper.builder());
    private static final ObjectMapper YAML = strict(YAMLMapper.builder());
    private static final CsvMapper CSV = strict(CsvMapper.builder().enable(CsvParser.Feature.TRIM_SPACES));

    private static final InventoryDocument NOTHING = new InventoryDocument(List.of(), List.of(), List.of());

    private InventoryFile() {}

    private static <M extends ObjectMapper> M strict(MapperBuilder<M, ?> builder) {
        return builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * The entries that a file says.
     *
     * @throws InventoryException if it holds what is not allowed, naming line or entry, key, value and what is allowed
     */
    public static List<InventoryEntry> read(Path file) throws IOException {
        String name = file.getFileName().toString();
        String kind = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        try (Reader text = Files.newBufferedReader(file)) {
            InventoryDocument document = switch (kind) {
                case "json" -> document(JSON, text);
                case "yaml", "yml" -> document(YAML, text);
                case "csv" -> ofRows(text);
                default ->
                    throw new InventoryException(
                            "%s ends in '%s'; allowed: .json, .yaml, .yml, .csv".formatted(file, kind));
            };
            return DocumentEntries.of(
                    Objects.requireNonNullElse(document, new InventoryDocument(List.of(), List.of(), List.of())));
        } catch (JacksonException e) {
            throw new InventoryException(file + place(e.getLocation()) + ": " + e.getOriginalMessage(), e);
        } catch (InventoryException e) {
            throw new InventoryException(file + ": " + e.getMessage(), e);
        }
    }

    /** A file in which nothing but comments stands says nothing. */
    private static InventoryDocument document(ObjectMapper mapper, Reader text) throws IOException {
        try (MappingIterator<InventoryDocument> documents =
                mapper.readerFor(InventoryDocument.class).readValues(text)) {
            InventoryDocument document = documents.hasNextValue() ? documents.nextValue() : NOTHING;
            if (documents.hasNextValue()) {
                throw new InventoryException("a second document begins; allowed: one");
            }
            return document;
        }
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : ", line " + location.getLineNr();
    }

    /** One interface a row; several addresses or tags in a column stand with spaces between. */
    private record Row(
            @Nullable String name,
            @Nullable String uuid,
            @Nullable String host,
            @Nullable String application,
            @Nullable String portGroup,
            @Nullable String tags,
            @Nullable String mac,
            @Nullable String addresses,
            @Nullable String vlan,
            @Nullable String realm,
            @Nullable String validFrom,
            @Nullable String validTo) {

        Machine machine() throws InventoryException {
            Card card =
                    new Card(given(mac), words(addresses), vlanOf(name, given(vlan)), null, given(realm), null, null);
            return new Machine(
                    name,
                    given(uuid),
                    given(host),
                    given(application),
                    given(portGroup),
                    words(tags),
                    List.of(card),
                    given(validFrom),
                    given(validTo));
        }

        private static @Nullable String given(@Nullable String cell) {
            return cell == null || cell.isEmpty() ? null : cell;
        }

        private static List<String> words(@Nullable String cell) {
            return given(cell) == null
                    ? List.of()
                    : List.of(Objects.requireNonNull(cell).split("[ ;]+"));
        }

        private static @Nullable Integer vlanOf(@Nullable String machine, @Nullable String cell)
                throws InventoryException {
            try {
                return cell == null ? null : Integer.valueOf(cell);
            } catch (NumberFormatException e) {
                throw new InventoryException(
                        "%s: vlan is '%s'; allowed: 0 to 4095 or nothing".formatted(machine, cell), e);
            }
        }
    }

    private static InventoryDocument ofRows(Reader text) throws IOException {
        List<Machine> machines = new ArrayList<>();
        CsvSchema columns = CsvSchema.emptySchema().withHeader();
        try (MappingIterator<Row> rows = CSV.readerFor(Row.class).with(columns).readValues(text)) {
            while (rows.hasNextValue()) {
                machines.add(rows.nextValue().machine());
            }
        }
        return new InventoryDocument(machines, List.of(), List.of());
    }
}
