using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Secrets;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// The JSON format of stored states. The database triggers read <c>id</c>, <c>project_id</c>, <c>created_at</c>,
/// <c>revision</c>, <c>change</c> and <c>secrets.current.display_prefix</c>: names and formats are a storage contract.
/// </summary>
internal static class StateJson
{
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Returns how many bytes a text takes in the JSON of a state, without its quotes.</summary>
    public static int CountBytes(string text) => JsonEncodedText.Encode(text, Options.Encoder).EncodedUtf8Bytes.Length;

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

            // States are never part of HTML. The default encoder makes six bytes of each character beyond ASCII.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new UtcMillisecondJsonConverter());
        options.Converters.Add(new IdJsonConverter<VirtualKeyId>(VirtualKeyId.Parse));
        options.Converters.Add(new IdJsonConverter<ProjectId>(ProjectId.Parse));
        options.Converters.Add(new IdJsonConverter<SecretId>(SecretId.Parse));
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
