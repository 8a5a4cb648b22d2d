namespace KeysCluster.Contract.Tests.Projects;

/// <summary>The permissions of API keys. Tests spell them out again because they are part of the contract.</summary>
internal static class Permissions
{
    public static readonly string[] All =
    [
        "virtualKeys:view", "virtualKeys:create", "virtualKeys:update", "virtualKeys:rotate", "virtualKeys:delete",
        "virtualKeys:verify", "apiKeys:manage", "events:view", "webhooks:manage", "project:manage",
    ];
}
