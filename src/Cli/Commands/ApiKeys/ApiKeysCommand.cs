using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys</c>: API keys of a project.</summary>
internal static class ApiKeysCommand
{
    public static Command Create(CliEnvironment environment) => new("api-keys", "Manage the API keys of a project.")
    {
        ListApiKeysCommand.Create(environment),
        ShowApiKeyCommand.Create(environment),
        CreateApiKeyCommand.Create(environment),
        UpdateApiKeyCommand.Create(environment),
        RotateApiKeyCommand.Create(environment),
        ExpireApiKeyCommand.Create(environment),
        DeleteApiKeyCommand.Create(environment),
    };
}
