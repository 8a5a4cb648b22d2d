namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>A part of the overview. If its calls fail, the other parts are shown.</summary>
public abstract class OverviewSection : ConsolePage
{
    /// <summary>The page was loaded without this part, so its status stays.</summary>
    protected override void SetStatus(int status)
    {
    }
}
