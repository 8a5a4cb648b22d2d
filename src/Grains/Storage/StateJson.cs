using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Storage;

/// <summary>
/// How states are written to storage. The migrations read <c>id</c>, <c>project_id</c>, <c>created_at</c>,
/// <c>revision</c> and <c>change</c> out of this text: names and formats here are a storage contract.
/// </summary>
internal static class StateJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
        options.Converters.Add(new InstantJsonConverter());
        options.Converters.Add(new IdJsonConverter<VirtualKeyId>(VirtualKeyId.Parse));
        options.Converters.Add(new IdJsonConverter<ProjectId>(ProjectId.Parse));
        options.Converters.Add(new IdJsonConverter<SecretId>(SecretId.Parse));
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
