using KeysCluster.Api.Http;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>Validates a list of permissions of virtual keys.</summary>
internal sealed class PermissionsAttribute() : ListAttribute(
    PermissionRules.MaxCount,
    "permissions of 1 to 128 printable characters without spaces, with an asterisk only at the end.")
{
    protected override bool IsValidEntry(string text) => PermissionRules.IsValid(text);
}
