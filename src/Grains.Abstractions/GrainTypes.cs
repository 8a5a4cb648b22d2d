namespace KeysCluster;

/// <summary>Names of grain types; reminders and what is held in memory are filed under them: never change one.</summary>
internal static class GrainTypes
{
    public const string VirtualKey = "vk";

    public const string Project = "project";
}
