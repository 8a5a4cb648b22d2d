namespace KeysCluster.Projects;

/// <summary>The status of a project.</summary>
[GenerateSerializer, Alias("KeysCluster.ProjectStatus")]
public enum ProjectStatus
{
    /// <summary>Neither disabled nor archived.</summary>
    Active,

    /// <summary>Its virtual keys and API keys are refused until it is enabled again.</summary>
    Disabled,

    /// <summary>Its virtual keys and API keys are refused permanently.</summary>
    Archived,
}
