using System.Text.Json;

namespace KeysCluster.Silo.Doctor;

/// <summary>Reads the members of a stored state that a check needs.</summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Returns null for a state that cannot be read, which the check of the peppers reports.</summary>
    public static T? Parse<T>(byte[] payload)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(payload, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
