using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Time;

namespace KeysCluster.Api.Http;

/// <summary>The JSON format of requests and responses.</summary>
internal static class JsonConfiguration
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new UtcMillisecondJsonConverter());
        options.Converters.Add(new StrictEnumConverter());
    }
}
