using System.Net;
using System.Text.Json;

namespace KeysCluster.TestKit;

/// <summary>A message of a webhook.</summary>
/// <param name="Id">The header <c>webhook-id</c>.</param>
/// <param name="Headers">All headers.</param>
/// <param name="Body">The body.</param>
public sealed record ReceivedMessage(string Id, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The status of the response.</summary>
    public HttpStatusCode Status { get; init; }

    /// <summary>The type of the event.</summary>
    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>The virtual key; null for an event of the project.</summary>
    public string? VirtualKeyId =>
        Data.TryGetProperty("virtual_key_id", out var id) ? id.GetString() : null;

    /// <summary>The event.</summary>
    public JsonElement Data => Json.GetProperty("data");

    private JsonElement Json => JsonElement.Parse(Body);
}
