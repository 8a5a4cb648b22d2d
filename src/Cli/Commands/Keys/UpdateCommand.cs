using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys update</c>: changes members of a virtual key.</summary>
internal static class UpdateCommand
{
    /// <summary>How to remove the values of members, by the names of their options.</summary>
    private static readonly Dictionary<string, Func<UpdateVirtualKey, UpdateVirtualKey>> ClearableMembers = new()
    {
        ["description"] = update => update with { Description = new(null) },
        ["expires"] = update => update with { ExpiresAt = new(null) },
        ["external-id"] = update => update with { ExternalId = new(null) },
        ["permission"] = update => update with { Permissions = new([]) },
        ["allowed-ip"] = update => update with { AllowedIps = new([]) },
        ["provider"] = update => update with { ProviderCredentialIds = new([]) },
        ["metadata"] = update => update with { Metadata = new(new Dictionary<string, string>()) },
        ["config"] = update => update with { Config = new(null) },
    };

    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        var name = new Option<string?>("--name") { Description = "The name." };
        var members = new KeyMemberOptions(environment.Time);
        var clear = CommonOptions.Many(
            "--clear",
            $"Remove the value of a member: {string.Join(", ", ClearableMembers.Keys)}; may be repeated.",
            "member");
        clear.AcceptOnlyFromAmong([.. ClearableMembers.Keys]);
        var command = new Command("update", "Change a virtual key. Only what is given changes.") { id, name };
        members.AddTo(command);
        command.Add(clear);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            var update = (run.Get(clear) ?? []).Aggregate(
                CreateUpdate(run, name, members), (result, member) => ClearableMembers[member](result));
            if (update == new UpdateVirtualKey()) throw new CliException("Nothing to change was given.");
            run.WriteKey(await run.CallAsync(
                "Changing…", client => client.VirtualKeys.UpdateAsync(run.Get(id)!, update, cancellationToken)));
        });
    }

    private static UpdateVirtualKey CreateUpdate(CommandRun run, Option<string?> name, KeyMemberOptions members)
    {
        return new UpdateVirtualKey
        {
            Name = Given<string>(name!),
            Description = Given(members.Description),
            ProviderCredentialIds = GivenList(members.Providers),
            ExpiresAt = Given(members.Expires),
            Permissions = GivenList(members.Permissions),
            ExternalId = Given(members.ExternalId),
            Metadata = members.GetMetadata(run) is { } metadata ? new(metadata) : default,
            Config = members.GetConfig(run) is { } config ? new(config) : default,
            AllowedIps = GivenList(members.AllowedIps),
        };

        Optional<T> Given<T>(Option<T> option) => run.Has(option) ? new(run.Get(option)!) : default;

        Optional<IReadOnlyList<string>> GivenList(Option<string[]> option) =>
            run.Has(option) ? run.Get(option)! : default(Optional<IReadOnlyList<string>>);
    }
}
