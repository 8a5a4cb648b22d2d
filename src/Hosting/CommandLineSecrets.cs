using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;

namespace KeysCluster.Hosting;

/// <summary>Refuses secrets on the command line, which every user of the machine can read.</summary>
internal static class CommandLineSecrets
{
    private static readonly string[] Settings = ["Keys:Pepper", "Keys:Peppers", "Keys:AdminKey"];

    /// <exception cref="StartupException">The command line has a secret. The message names its setting.</exception>
    public static void Refuse(IConfigurationBuilder configuration)
    {
        foreach (var source in configuration.Sources.OfType<CommandLineConfigurationSource>())
        {
            var arguments = new ConfigurationBuilder().Add(source).Build();
            var setting = Array.Find(Settings, setting => arguments.GetSection(setting).Exists());
            if (setting is null) continue;
            throw new StartupException(
                $"{setting} is on the command line, where other users of the machine can read it. Set it by an "
                + "environment variable, or by a file in Hosting:SecretsDirectory.");
        }
    }
}
