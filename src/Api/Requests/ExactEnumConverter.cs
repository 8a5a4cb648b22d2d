using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Api.Requests;

/// <summary>
/// Enums as their names in snake case and as nothing else. The library's own converter also reads other cases, blanks
/// around, and lists such as <c>live,test</c>.
/// </summary>
internal sealed class ExactEnumConverter : JsonConverterFactory
{
    /// <summary>The texts of an enum, in order.</summary>
    public static IEnumerable<string> Names(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Texts = Enum.GetValues<T>().Zip(Names(typeof(T))).ToDictionary();
        private static readonly Dictionary<string, T> Values = Texts.ToDictionary(text => text.Value, text => text.Key);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Texts[value]);
    }
}
