using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Grains.Storage;

/// <summary>Writes an id as a JSON string.</summary>
internal sealed class IdJsonConverter<TId>(Func<string, TId> parse) : JsonConverter<TId>
    where TId : struct
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
