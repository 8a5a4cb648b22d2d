using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>
/// Reads a value in snake case. A value that this version does not know is the default, <c>Unknown</c>, so that a newer
/// service does not break an older client.
/// </summary>
internal sealed class KnownValueConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(Format);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text ? Values.GetValueOrDefault(text) : default;

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));

    /// <summary>Returns the text that the service uses.</summary>
    public static string Format(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
