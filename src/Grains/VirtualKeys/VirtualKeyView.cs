using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

internal static class VirtualKeyView
{
    /// <summary>What people see of a key at an instant.</summary>
    public static VirtualKey ToVirtualKey(this VirtualKeyState state, DateTimeOffset now) => new()
    {
        Id = VirtualKeyId.Parse(state.Id),
        ProjectId = ProjectId.Parse(state.ProjectId),
        Name = state.Name,
        Description = state.Description,
        Environment = state.Environment,
        PrincipalUserId = state.PrincipalUserId,
        ProviderCredentialIds = state.ProviderCredentialIds,
        Revision = state.Revision,
        DisplayPrefix = state.Secrets.Current.DisplayPrefix,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.Change.At,
        LastUsedAt = state.LastUsedAt,
        RevokedAt = state.RevokedAt,
        RetiringSecrets = state.RevokedAt is null ? state.Secrets.Retiring(now) : [],
    };
}
