using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>Whether the keys of a project can be used.</summary>
[JsonConverter(typeof(KnownValueConverter<ProjectStatus>))]
public enum ProjectStatus
{
    /// <summary>A value that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The project is enabled.</summary>
    Active,

    /// <summary>Its virtual keys and API keys are refused until it is enabled again.</summary>
    Disabled,

    /// <summary>Its keys are refused permanently.</summary>
    Archived,
}
