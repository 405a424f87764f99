/** Commands of one of Tauri's own plugins. */
export interface CorePlugin {
  /** Those that `core:<plugin>:default` allows. */
  readonly byDefault: readonly string[]
  readonly others: readonly string[]
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/**
 * The plugins whose permissions begin with `core:`, and all their commands: as tauri/build.rs lists them, with what
 * `@tauri-apps/api` 2.12 calls besides. A permission that is named here is none that was misspelt, even where a window in a
 * browser cannot do what it is for.
 */
export const CORE_PLUGINS: Readonly<Record<string, CorePlugin>> = {
  path: {
    byDefault: words("resolve_directory resolve normalize join dirname extname basename is_absolute"),
    others: [],
  },
  event: { byDefault: words("listen unlisten emit emit_to"), others: [] },
  window: {
    byDefault: words(`
      get_all_windows scale_factor inner_position outer_position inner_size outer_size is_fullscreen is_minimized
      is_maximized is_focused is_decorated is_resizable is_maximizable is_minimizable is_closable is_visible is_enabled
      title current_monitor primary_monitor monitor_from_point available_monitors cursor_position theme is_always_on_top
      activity_name scene_identifier internal_toggle_maximize`),
    others: words(`
      create center request_user_attention set_enabled set_resizable set_maximizable set_minimizable set_closable
      set_title maximize unmaximize minimize unminimize show hide close destroy set_decorations set_shadow set_effects
      set_always_on_top set_always_on_bottom set_visible_on_all_workspaces set_content_protected set_size set_min_size
      set_size_constraints set_max_size set_position set_fullscreen set_fullscreen_on_monitor set_simple_fullscreen
      set_focus set_focusable set_skip_taskbar set_cursor_grab set_cursor_visible set_cursor_icon set_cursor_position
      set_ignore_cursor_events start_dragging start_resize_dragging set_progress_bar set_badge_count set_overlay_icon
      set_badge_label set_icon set_title_bar_style set_theme toggle_maximize set_background_color`),
  },
  webview: {
    byDefault: words("get_all_webviews webview_position webview_size internal_toggle_devtools"),
    others: words(`
      create_webview create_webview_window webview_close set_webview_size set_webview_position set_webview_focus
      set_webview_auto_resize set_webview_zoom webview_hide webview_show print reparent clear_all_browsing_data
      set_webview_background_color`),
  },
  app: {
    byDefault: words(`
      version name tauri_version identifier bundle_type supports_multiple_windows register_listener remove_listener`),
    others: words(`
      app_show app_hide fetch_data_store_identifiers remove_data_store default_window_icon set_app_theme
      set_dock_visibility exit`),
  },
  image: { byDefault: words("new from_bytes from_path rgba size"), others: [] },
  resources: { byDefault: words("close"), others: [] },
  menu: {
    byDefault: words(`
      new append prepend insert remove remove_at items get popup create_default set_as_app_menu set_as_window_menu text
      set_text is_enabled set_enabled set_accelerator set_as_windows_menu_for_nsapp set_as_help_menu_for_nsapp is_checked
      set_checked set_icon`),
    others: [],
  },
  tray: {
    byDefault: words(`
      new get_by_id remove_by_id set_icon set_menu set_tooltip set_title set_visible set_temp_dir_path
      set_icon_as_template set_icon_with_as_template set_show_menu_on_left_click`),
    others: [],
  },
}
