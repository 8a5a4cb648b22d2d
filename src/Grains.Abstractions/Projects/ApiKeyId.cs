using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Projects;

/// <summary>The id of an API key of a project: <c>apikey_</c> and a ULID. Rotations do not change it.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.ApiKeyId")]
public readonly record struct ApiKeyId
{
    private const string Prefix = "apikey_";

    [Id(0)] private readonly string? _value;

    private ApiKeyId(string value) => _value = value;

    /// <summary>Creates a new id that sorts by its time of creation.</summary>
    public static ApiKeyId New(DateTimeOffset now) => new(PrefixedUlid.New(Prefix, now));

    /// <summary>Returns the id of the API key with which a project was created.</summary>
    public static ApiKeyId First(ProjectId project) => new(string.Concat(Prefix, project.UlidText));

    /// <summary>Parses an id; false for anything but the canonical text of one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ApiKeyId id)
    {
        id = PrefixedUlid.IsValid(Prefix, text) ? new ApiKeyId(text) : default;
        return id._value is not null;
    }

    /// <summary>Parses an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not the id of an API key.</exception>
    public static ApiKeyId Parse(string text) =>
        TryParse(text, out var id) ? id : throw PrefixedUlid.InvalidId(text, "API key");

    /// <summary>Returns the text of the id.</summary>
    public override string ToString() => _value ?? "";
}
