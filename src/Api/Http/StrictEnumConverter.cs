using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Api.Http;

/// <summary>
/// Reads and writes enums as their names in snake case, or as those of an attribute. The converter of System.Text.Json
/// also reads other cases, surrounding white space, and lists such as <c>live,test</c>.
/// </summary>
internal sealed class StrictEnumConverter : JsonConverterFactory
{
    /// <summary>Returns the JSON names of an enum in the order of its values.</summary>
    public static IEnumerable<string> GetNames(Type type) =>
        from name in Enum.GetNames(type)
        let own = type.GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()
        select own?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Names =
            Enum.GetValues<T>().Zip(GetNames(typeof(T))).ToDictionary();

        private static readonly Dictionary<string, T> Values = Names.ToDictionary(pair => pair.Value, pair => pair.Key);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Names[value]);
    }
}
