using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>A new project with the secret of its first API key, which has every permission.</summary>
public sealed record IssuedProject
{
    /// <summary>The project.</summary>
    public required Project Project { get; init; }

    /// <summary>The secret of its first API key.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Whether the service has executed the request before and returns its secret again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsReplay { get; init; }

    /// <summary>Hides the secret from logs.</summary>
    public override string ToString() => $"IssuedProject {{ {Project.Id}, Secret = … }}";
}
