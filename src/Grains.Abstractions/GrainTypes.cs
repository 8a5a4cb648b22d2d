namespace KeysCluster;

/// <summary>
/// Names of grain types and of the contracts by which they are called. Reminders and what is held in memory are filed under
/// the first, and processes of two versions find each other by both: never change one.
/// </summary>
internal static class GrainTypes
{
    public const string VirtualKey = "vk";

    public const string Project = "project";

    public const string Validation = "validation";

    public const string VirtualKeyInterface = "KeysCluster.VirtualKeys.IVirtualKeyGrain";

    public const string ProjectInterface = "KeysCluster.Projects.IProjectGrain";

    public const string ValidationInterface = "KeysCluster.VirtualKeys.IValidationGrain";
}
