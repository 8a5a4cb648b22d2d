namespace KeysCluster.Api.Http;

/// <summary>
/// Documents the values of a query parameter that is not any text. The endpoint binds the text and checks it itself, so
/// that an empty one counts as absent and an error names the parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class QuerySchemaAttribute : Attribute
{
    /// <summary>The texts that are permitted; empty if they are not listed.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>Whether the value is true or false.</summary>
    public bool IsBoolean { get; init; }

    /// <summary>Whether the value is a time.</summary>
    public bool IsTime { get; init; }

    /// <summary>The maximum of a whole number from 1; 0 if the value is not a number.</summary>
    public int MaxNumber { get; init; }
}
