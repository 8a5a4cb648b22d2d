using System.CommandLine;

namespace KeysCluster.Cli.Commands.Data;

/// <summary>Options of the commands for the data of an embedded service.</summary>
internal static class DataOptions
{
    public const string PepperName = "pepper";

    public static Option<DirectoryInfo> DataDirectory() => new("--data-directory")
    {
        Description = "The folder of the service (Keys:DataDirectory); 'data' by default.",
        HelpName = "folder",
        DefaultValueFactory = _ => new DirectoryInfo("data"),
    };
}
