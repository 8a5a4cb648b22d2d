using KeysCluster.Imports;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Changes;

/// <content>The limits of the commands of virtual keys.</content>
internal static partial class CommandLimits
{
    private static void CheckCommand(CreateVirtualKeyCommand command)
    {
        CheckCaller(command.Caller);
        CheckIdempotency(command.Idempotency);
        Require(
            command.Name is not null && HasLength(command.Name, 1, VirtualKeyLimits.MaxNameLength), command.Name);
        Require(HasLength(command.Description, 0, VirtualKeyLimits.MaxDescriptionLength), command.Description);
        Require(
            HasLength(command.PrincipalUserId, 1, VirtualKeyLimits.MaxPrincipalUserIdLength), command.PrincipalUserId);
        Require(Enum.IsDefined(command.Environment), command.Environment);
        CheckVirtualKey(
            command.ProviderCredentialIds, command.Permissions, command.ExternalId, command.Metadata,
            command.AllowedIps.Count);
        CheckSecret(command.Secret);
    }

    private static void CheckKeys(IReadOnlyList<ImportKeyCommand> keys)
    {
        Require(keys.Count is > 0 and <= ImportLimits.MaxKeys, keys);
        foreach (var key in keys) CheckCommand(key);
    }

    private static void CheckCommand(ImportKeyCommand command)
    {
        CheckCommand(command.Key);
        Require(command.Key is { IsImported: true, Idempotency: null, ReplayOnly: false }, command.Key);
        Require(VirtualKeyId.TryParse(command.Id.ToString(), out _), command.Id);
        Require(command.Scheme is not null && HasLength(command.Scheme, 1, MaxActorLength), command.Scheme);
    }

    private static void CheckCommand(UpdateVirtualKeyCommand command)
    {
        CheckCaller(command.Caller);
        Require(HasLength(command.Name, 1, VirtualKeyLimits.MaxNameLength), command.Name);
        Require(HasLength(command.Description, 0, VirtualKeyLimits.MaxDescriptionLength), command.Description);
        CheckVirtualKey(
            command.ProviderCredentialIds, command.Permissions, command.ExternalId, command.Metadata,
            command.AllowedIps?.Count);
    }

    private static void CheckVirtualKey(
        IReadOnlyList<string>? providerCredentialIds,
        IReadOnlyList<string>? permissions,
        string? externalId,
        IReadOnlyDictionary<string, string>? metadata,
        int? allowedIps)
    {
        Require(
            providerCredentialIds is null
                || (providerCredentialIds.Count <= VirtualKeyLimits.MaxProviderCredentials
                    && providerCredentialIds.All(id => id is not null
                        && HasLength(id, 1, VirtualKeyLimits.MaxProviderCredentialIdLength))),
            providerCredentialIds);
        if (permissions is not null) CheckPermissions(permissions);
        Require(HasLength(externalId, 1, VirtualKeyLimits.MaxExternalIdLength), externalId);
        Require(
            metadata is null
                || (metadata.Count <= VirtualKeyLimits.MaxMetadataEntries
                    && metadata.All(entry => entry.Value is not null
                        && HasLength(entry.Key, 1, VirtualKeyLimits.MaxMetadataKeyLength)
                        && HasLength(entry.Value, 0, VirtualKeyLimits.MaxMetadataValueLength))),
            metadata);
        Require(allowedIps is null or <= AllowedIpRange.MaxCount, allowedIps);
    }
}
