using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>The members of a project to change. Those that are not set stay as they are.</summary>
public sealed record UpdateProject
{
    /// <summary>1 to 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>
    /// The maximum number of virtual keys that are not revoked; null for the default. Only with an admin key.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> MaxVirtualKeys { get; init; }
}
