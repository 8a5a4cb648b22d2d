namespace KeysCluster.Grains;

/// <summary>Names of grain types; reminders and what silos hold are filed under them: never change one.</summary>
internal static class GrainTypes
{
    public const string VirtualKey = "vk";

    public const string Project = "project";
}
