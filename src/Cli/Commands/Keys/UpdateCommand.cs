using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys update</c>: changes members of a virtual key.</summary>
internal static class UpdateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        var name = new Option<string?>("--name") { Description = "The name." };
        var members = new KeyMemberOptions(environment.Time);
        var clear = new Option<ClearableMember[]>("--clear")
        {
            Description = "Remove the value of a member; may be repeated.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("update", "Change a virtual key. Only what is given changes.") { id, name };
        members.AddTo(command);
        command.Add(clear);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            var update = Clear(CreateUpdate(run, name, members), run.Get(clear) ?? []);
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
            Metadata = members.GetMetadata(run) is { } metadata ? metadata : default(Optional<IReadOnlyDictionary<string, string>>),
            Config = members.GetConfig(run) is { } config ? new(config) : default,
            AllowedIps = GivenList(members.AllowedIps),
        };

        Optional<T> Given<T>(Option<T> option) => run.Has(option) ? new(run.Get(option)!) : default;

        Optional<IReadOnlyList<string>> GivenList(Option<string[]> option) =>
            run.Has(option) ? run.Get(option)! : default(Optional<IReadOnlyList<string>>);
    }

    private static UpdateVirtualKey Clear(UpdateVirtualKey update, IEnumerable<ClearableMember> members) =>
        members.Aggregate(update, (result, member) => member switch
        {
            ClearableMember.Description => result with { Description = new(null) },
            ClearableMember.Expires => result with { ExpiresAt = new(null) },
            ClearableMember.ExternalId => result with { ExternalId = new(null) },
            ClearableMember.Permissions => result with { Permissions = new([]) },
            ClearableMember.AllowedIps => result with { AllowedIps = new([]) },
            ClearableMember.Providers => result with { ProviderCredentialIds = new([]) },
            ClearableMember.Metadata => result with { Metadata = new(new Dictionary<string, string>()) },
            _ => result with { Config = new(null) },
        });

    /// <summary>The members that can be removed, by the names of their options.</summary>
    private enum ClearableMember
    {
        Description,
        Expires,
        ExternalId,
        Permissions,
        AllowedIps,
        Providers,
        Metadata,
        Config,
    }
}
